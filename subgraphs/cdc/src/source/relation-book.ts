import type { Column, Relation } from '../domain/relation.ts';
import type { RelationMessage, RelationMessageColumn } from './pgoutput-message.ts';
import { readTables, readTypes, type TableFacts, type TypeFacts, typeName } from './read-catalog.ts';
import type { Query } from './source-session.ts';

/** Every table that this source has described, in its latest form. */
export interface RelationBook {
  /** The known object if it says the same, else this one from now on: consumers use the object as a cache key. */
  intern(relation: Relation): Relation;
  /** Completes an R message with what only the catalogue knows: types in words, nullability, the real primary key. */
  describe(message: RelationMessage): Promise<Relation>;
}

/** Starts empty; lives as long as the source. */
export function createRelationBook(query: Query): RelationBook {
  const known = new Map<number, { readonly relation: Relation; readonly says: string }>();

  function intern(relation: Relation): Relation {
    const says = JSON.stringify(relation);
    const before = known.get(relation.oid);
    if (before?.says === says) return before.relation;
    known.set(relation.oid, { relation, says });
    return relation;
  }

  return {
    intern,
    async describe(message) {
      const [facts] = await readTables(query, [message.oid]);
      const before = known.get(message.oid)?.relation;
      const strangers = message.columns.filter((column) => !findColumn([facts?.relation, before], column));
      return intern(mergeRelation(message, facts, before, await readTypes(query, strangers)));
    },
  };
}

/**
 * The message says how the table stood at this point of the stream, the catalogue how it stands now: what they agree on is
 * taken from the catalogue. A column that has changed or gone since then is taken from what was known of the table before;
 * one that was never seen is described by its type alone and may hold nulls.
 */
export function mergeRelation(
  message: RelationMessage,
  facts: TableFacts | undefined,
  before: Relation | undefined,
  types: ReadonlyMap<string, TypeFacts>,
): Relation {
  const columns = message.columns.map((column, index): Column => {
    const described = findColumn([facts?.relation, before], column);
    if (described !== undefined) return { ...described, index };
    const type = types.get(typeName(column.typeOid, column.typeModifier)) ?? unknownType(column);
    return { name: column.name, index, nullable: true, ...type };
  });
  const { oid, schema, table, identity } = message;
  return { oid, schema, table, identity, columns, key: keyOf(message, facts) };
}

function keyOf(message: RelationMessage, facts: TableFacts | undefined): readonly number[] {
  if (facts?.identityHolds === false) return [];
  const current = (facts?.relation.key ?? []).map((index) => {
    const name = facts?.relation.columns[index]?.name;
    return message.columns.findIndex((column) => column.name === name);
  });
  // Under FULL every column is flagged; which ones are the key stands only in the catalogue.
  if (message.identity === 'full') return current.includes(-1) ? [] : current;
  const flagged = message.columns.flatMap((column, index) => (column.inIdentity ? [index] : []));
  const same = current.length === flagged.length && current.every((index) => flagged.includes(index));
  // The same columns: in the order of the index, as `listTables` gives them.
  return same ? current : flagged;
}

function findColumn(
  relations: readonly (Relation | undefined)[],
  { name, typeOid, typeModifier }: RelationMessageColumn,
): Column | undefined {
  for (const relation of relations) {
    const found = relation?.columns.find((column) => column.name === name);
    if (found?.typeOid === typeOid && found.typeModifier === typeModifier) return found;
  }
  return undefined;
}

/** A type that has been dropped since: its values still arrive, and can be carried as text only. */
function unknownType({ typeOid, typeModifier }: RelationMessageColumn): TypeFacts {
  return { typeOid, typeModifier, typeText: 'text', typeKind: 'b', typeCategory: 'X' };
}
