import { expect, test } from 'vitest';
import { aColumn, aRelation } from '../domain/relation-builder.ts';
import type { RelationMessage } from './pgoutput-message.ts';
import type { TableFacts } from './read-catalog.ts';
import { createRelationBook, mergeRelation } from './relation-book.ts';

const id = { name: 'id', typeOid: 20, typeModifier: -1, inIdentity: true };
const note = { name: 'note', typeOid: 25, typeModifier: -1, inIdentity: false };
const message: RelationMessage = {
  kind: 'relation',
  oid: 7,
  schema: 'public',
  table: 'orders',
  identity: 'default',
  columns: [id, note],
};
const current = aRelation({
  oid: 7,
  columns: [
    aColumn({ name: 'id', nullable: false }),
    aColumn({ name: 'note', typeOid: 25, typeText: 'text', typeCategory: 'S' }),
  ],
});

function factsOf(change: Partial<TableFacts> = {}): TableFacts {
  return {
    relation: current,
    partitioned: false,
    isPartition: false,
    persistence: 'p',
    owner: 'shop',
    owned: true,
    identityHolds: true,
    tuples: 0,
    bytes: 0,
    ...change,
  };
}

test('a message that agrees with the catalogue makes the relation that the catalogue lists', () => {
  expect(mergeRelation(message, factsOf(), undefined, new Map())).toEqual(current);
});

test('a column that has been dropped since may hold nulls and has the type of its oid', () => {
  const gone = { name: 'gone', typeOid: 1043, typeModifier: 44, inIdentity: false };
  const relation = mergeRelation(
    { ...message, columns: [id, gone, note] },
    factsOf(),
    undefined,
    new Map([
      [
        '1043 44',
        {
          typeOid: 1043,
          typeModifier: 44,
          typeText: 'character varying(40)',
          typeKind: 'b',
          typeCategory: 'S',
        },
      ],
    ]),
  );
  expect(
    relation.columns.map((column) => [column.name, column.index, column.typeText, column.nullable]),
  ).toEqual([
    ['id', 0, 'bigint', false],
    ['gone', 1, 'character varying(40)', true],
    ['note', 2, 'text', true],
  ]);
});

test('a column that has been dropped since is as it was known before', () => {
  const gone = { name: 'gone', typeOid: 25, typeModifier: -1, inIdentity: false };
  const before = aRelation({
    ...current,
    columns: [
      ...current.columns,
      aColumn({ name: 'gone', typeOid: 25, typeText: 'text', typeCategory: 'S', nullable: false }),
    ],
  });
  const relation = mergeRelation({ ...message, columns: [id, note, gone] }, factsOf(), before, new Map());
  expect(relation).toEqual(before);
});

test('of a table that is gone the identity of the message is the key', () => {
  expect(mergeRelation(message, undefined, undefined, new Map()).key).toEqual([0]);
});

test('under REPLICA IDENTITY FULL the key is the primary key of the catalogue, not every column', () => {
  const full = {
    ...message,
    identity: 'full' as const,
    columns: [id, { ...note, inIdentity: true }],
  };
  expect(mergeRelation(full, factsOf(), undefined, new Map()).key).toEqual([0]);
  const keyless = factsOf({ relation: { ...current, key: [] } });
  expect(mergeRelation(full, keyless, undefined, new Map()).key).toEqual([]);
});

test('a key that was another one at this point of the stream is the one of the message', () => {
  const formerly = {
    ...message,
    columns: [
      { ...id, inIdentity: false },
      { ...note, inIdentity: true },
    ],
  };
  expect(mergeRelation(formerly, factsOf(), undefined, new Map()).key).toEqual([1]);
});

test('a table whose partitions break the identity of their root has no key', () => {
  expect(mergeRelation(message, factsOf({ identityHolds: false }), undefined, new Map()).key).toEqual([]);
});

test('a relation stays the same object while it says the same, and becomes another when it changes', () => {
  const book = createRelationBook(() => Promise.reject(new Error('not asked')));
  const first = book.intern(structuredClone(current));
  expect(book.intern(structuredClone(current))).toBe(first);
  const wider = aRelation({ ...current, columns: [...current.columns, aColumn({ name: 'more' })] });
  expect(book.intern(wider)).toBe(wider);
  expect(book.intern(structuredClone(current))).not.toBe(first);
});
