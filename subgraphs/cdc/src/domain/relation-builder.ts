import type { Column, Relation } from './relation.ts';

/** A column for tests: an int8 named `id` unless told otherwise. */
export function aColumn(column: Partial<Column> = {}): Column {
  return {
    name: 'id',
    index: 0,
    typeOid: 20,
    typeModifier: -1,
    typeText: 'bigint',
    typeKind: 'b',
    typeCategory: 'N',
    nullable: true,
    ...column,
  };
}

/** A relation for tests: columns get their places by order; the key is the first column unless told otherwise. */
export function aRelation(relation: Partial<Relation> = {}): Relation {
  const columns = (relation.columns ?? [aColumn()]).map((column, index) => ({ ...column, index }));
  return {
    oid: 16_384,
    schema: 'public',
    table: 'orders',
    identity: 'default',
    key: [0],
    ...relation,
    columns,
  };
}
