import type { Column, Relation, ReplicaIdentity } from '../domain/relation.ts';
import { columnsQuery, tablesQuery, typesQuery } from './catalog-queries.ts';
import type { Query } from './source-session.ts';

/** A table as the catalogue has it now. */
export interface TableFacts {
  readonly relation: Relation;
  readonly partitioned: boolean;
  readonly isPartition: boolean;
  /** p permanent, u unlogged, t temporary. */
  readonly persistence: string;
  readonly owner: string;
  /** Whether we may act as its owner. */
  readonly owned: boolean;
  /** False: what old rows hold is not what the identity promises, so only inserts and truncates can be relied on. */
  readonly identityHolds: boolean;
  /** Undefined when no statistics have been gathered. */
  readonly tuples: number | undefined;
  readonly bytes: number;
}

/** A column's type as the catalogue has it now. */
export type TypeFacts = Omit<Column, 'name' | 'index' | 'nullable'>;

interface TypeRow {
  readonly type_oid: string;
  readonly type_modifier: number;
  readonly type_text: string;
  readonly type_kind: string;
  readonly type_category: string;
  readonly base_oid: string | null;
  readonly base_text: string | null;
  readonly labels: readonly string[] | null;
}

interface ColumnRow extends TypeRow {
  readonly table_oid: string;
  readonly name: string;
  readonly number: number;
  readonly not_null: boolean;
}

interface TableRow {
  readonly oid: string;
  readonly schema_name: string;
  readonly table_name: string;
  readonly kind: string;
  readonly persistence: string;
  readonly is_partition: boolean;
  readonly identity: string;
  readonly owner: string;
  readonly owned: boolean;
  readonly primary_key: readonly number[] | null;
  readonly primary_immediate: boolean | null;
  readonly identity_index: readonly number[] | null;
  readonly partitions_agree: boolean;
  readonly tuples: number | null;
  readonly bytes: number;
}

/** The tables of these oids, or every table of users when null; ones that are gone are left out. */
export async function readTables(
  query: Query,
  oids: readonly number[] | null,
): Promise<readonly TableFacts[]> {
  const tables = await query<TableRow>(tablesQuery, [oids]);
  const columns = await query<ColumnRow>(columnsQuery, [tables.map((table) => table.oid)]);
  const byTable = new Map<string, ColumnRow[]>(tables.map((table) => [table.oid, []]));
  for (const column of columns) byTable.get(column.table_oid)?.push(column);
  return tables.map((table) => tableFacts(table, byTable.get(table.oid) ?? []));
}

/** Describes types by oid and modifier; `typeName` is the key of the answer. */
export async function readTypes(
  query: Query,
  types: readonly { readonly typeOid: number; readonly typeModifier: number }[],
): Promise<ReadonlyMap<string, TypeFacts>> {
  if (types.length === 0) return new Map();
  const rows = await query<TypeRow>(typesQuery, [
    types.map((type) => type.typeOid),
    types.map((type) => type.typeModifier),
  ]);
  return new Map(rows.map((row) => [typeName(Number(row.type_oid), row.type_modifier), typeFacts(row)]));
}

/** Key of a type with its modifier in the answer of `readTypes`. */
export function typeName(typeOid: number, typeModifier: number): string {
  return `${typeOid} ${typeModifier}`;
}

function tableFacts(table: TableRow, rows: readonly ColumnRow[]): TableFacts {
  const columns = rows.map((row, index) => ({
    name: row.name,
    index,
    nullable: !row.not_null,
    ...typeFacts(row),
  }));
  const identity = identityOf(table.identity);
  const numbers = keyNumbers(table, identity);
  // A key column that is not published (a generated one) leaves the key incomplete.
  const key = numbers.map((number) => rows.findIndex((row) => row.number === number));
  const identityHolds = table.partitions_agree && !key.includes(-1);
  return {
    relation: {
      oid: Number(table.oid),
      schema: table.schema_name,
      table: table.table_name,
      identity,
      columns,
      key: identityHolds ? key : [],
    },
    partitioned: table.kind === 'p',
    isPartition: table.is_partition,
    persistence: table.persistence,
    owner: table.owner,
    owned: table.owned,
    identityHolds,
    tuples: table.tuples ?? undefined,
    bytes: table.bytes,
  };
}

/** Which columns tell a row apart, given what the server writes of an old row. */
function keyNumbers(table: TableRow, identity: ReplicaIdentity): readonly number[] {
  switch (identity) {
    case 'default':
      // Postgres does not take a deferrable primary key for the identity: updates would be refused.
      return table.primary_immediate === true ? (table.primary_key ?? []) : [];
    case 'index':
      return table.identity_index ?? [];
    case 'full':
      // The whole old row is written, so any primary key will do. Without one a row cannot be told from its twin.
      return table.primary_key ?? [];
    case 'nothing':
      return [];
  }
}

function typeFacts(row: TypeRow): TypeFacts {
  return {
    typeOid: Number(row.type_oid),
    typeModifier: row.type_modifier,
    typeText: row.type_text,
    typeKind: row.type_kind,
    typeCategory: row.type_category,
    ...(row.base_oid !== null && { baseTypeOid: Number(row.base_oid) }),
    ...(row.base_text !== null && { baseTypeText: row.base_text }),
    ...(row.labels !== null && { enumLabels: row.labels }),
  };
}

function identityOf(letter: string): ReplicaIdentity {
  switch (letter) {
    case 'd':
      return 'default';
    case 'i':
      return 'index';
    case 'f':
      return 'full';
    default:
      return 'nothing';
  }
}
