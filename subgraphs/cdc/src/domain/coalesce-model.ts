import fc from 'fast-check';
import type { Change } from './change.ts';
import type { Coalesced } from './coalesce.ts';
import type { Relation } from './relation.ts';
import { aColumn, aRelation } from './relation-builder.ts';
import { columnKind, readColumn } from './tuple.ts';
import { aTuple, type TupleValue } from './tuple-builder.ts';

/** One thing that a user does to the table; keys and values are small numbers so that they meet often. */
type Action =
  | { readonly do: 'insert'; readonly key: number; readonly values: readonly number[] }
  | {
      readonly do: 'update';
      readonly key: number;
      readonly to: number;
      readonly values: readonly (number | null)[];
    }
  | { readonly do: 'delete'; readonly key: number }
  | { readonly do: 'truncate' };

/** A source table in memory for property tests: what users may do to it, and how pgoutput tells of it. */
export interface SourceModel {
  readonly name: string;
  readonly relation: Relation;
  readonly history: fc.Arbitrary<readonly Action[]>;
  start(): SourceTable;
}

/** Rows by key; a value is text. */
export interface SourceTable {
  readonly byKey: Map<number, readonly string[]>;
  rows(): readonly (readonly string[])[];
}

export interface ModelOptions {
  readonly identity: 'default' | 'full';
  readonly composite: boolean;
  /** Keys of a type in which different bytes may be equal. */
  readonly looseKeys?: boolean;
}

/** Makes the model of a table with two values beside its key. */
export function sourceModel(options: ModelOptions): SourceModel {
  const { identity, composite, looseKeys = false } = options;
  const keyType = looseKeys ? 1700 : 25;
  const keys = composite ? ['k1', 'k2'] : ['k1'];
  const relation = aRelation({
    identity,
    key: keys.map((_, index) => index),
    columns: [
      ...keys.map((name) => aColumn({ name, typeOid: keyType })),
      aColumn({ name: 'v1', typeOid: 25 }),
      aColumn({ name: 'v2', typeOid: 25 }),
    ],
  });
  const key = fc.integer({ min: 0, max: 5 });
  const value = fc.integer({ min: 0, max: 99 });
  const kept = fc.option(value, { nil: null });
  const action: fc.Arbitrary<Action> = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant('insert' as const), key, values: fc.tuple(value, value) }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('update' as const),
        key,
        to: key,
        values: fc.tuple(kept, kept),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
    { weight: 1, arbitrary: fc.constant({ do: 'truncate' as const }) },
  );
  return {
    name: `identity ${identity}${composite ? ', composite key' : ''}${looseKeys ? ', numeric key' : ''}`,
    relation,
    history: fc.array(action, { maxLength: 40 }),
    start: () => {
      const byKey = new Map<number, readonly string[]>();
      return { byKey, rows: () => [...byKey.values()].map((row) => [...row]).sort() };
    },
  };
}

/** Plays actions on the source, leaving out what it would refuse; answers what its stream tells of them. */
export function commitChanges(
  { relation }: SourceModel,
  table: SourceTable,
  actions: readonly Action[],
): readonly Change[] {
  const changes: Change[] = [];
  for (const action of actions) {
    const change = commit(relation, table, action);
    if (change !== null) changes.push(change);
  }
  return changes;
}

function commit(relation: Relation, { byKey }: SourceTable, action: Action): Change | null {
  if (action.do === 'truncate') {
    byKey.clear();
    return { kind: 'truncate', relation, cascade: false };
  }
  const old = byKey.get(action.key);
  if (action.do === 'insert') {
    if (old !== undefined) return null;
    const row = [...keyValues(relation, action.key), ...action.values.map(String)];
    byKey.set(action.key, row);
    return { kind: 'insert', relation, after: image(row) };
  }
  if (old === undefined) return null;
  const full = relation.identity === 'full';
  if (action.do === 'delete') {
    byKey.delete(action.key);
    const before = full ? image(old) : keyOnly(relation, old);
    return { kind: 'delete', relation, before, beforeKind: full ? 'O' : 'K' };
  }
  const moves = action.to !== action.key;
  if (moves && byKey.has(action.to)) return null;
  const width = relation.key.length;
  const row = [
    ...keyValues(relation, action.to),
    ...action.values.map((value, index) => (value === null ? (old[width + index] ?? '') : String(value))),
  ];
  byKey.delete(action.key);
  byKey.set(action.to, row);
  // A value that the update left alone stands for one in TOAST: it is not sent.
  const sent: TupleValue[] = row.map((value, index) =>
    index >= width && action.values[index - width] === null ? 'unchanged' : Buffer.from(value),
  );
  const after = aTuple(...sent);
  if (full) return { kind: 'update', relation, after, before: image(old), beforeKind: 'O' };
  return moves
    ? { kind: 'update', relation, after, before: keyOnly(relation, old), beforeKind: 'K' }
    : { kind: 'update', relation, after, before: null, beforeKind: null };
}

function keyValues(relation: Relation, key: number): readonly string[] {
  return relation.key.length === 1 ? [`k${key}`] : [`k${key % 2}`, `k${Math.floor(key / 2)}`];
}

function image(row: readonly string[]): Buffer {
  return aTuple(...row.map((value) => Buffer.from(value)));
}

function keyOnly(relation: Relation, row: readonly string[]): Buffer {
  return aTuple(...row.map((value, index) => (relation.key.includes(index) ? Buffer.from(value) : null)));
}

/** A sink table in memory that is as strict as Postgres: a statement may not meet one key twice, nor a key that is taken. */
export interface ModelSink {
  readonly relation: Relation;
  readonly byKey: Map<string, string[]>;
  rows(): readonly (readonly string[])[];
}

/** An empty sink table. */
export function emptySink(relation: Relation): ModelSink {
  const byKey = new Map<string, string[]>();
  return { relation, byKey, rows: () => [...byKey.values()].map((row) => [...row]).sort() };
}

/** Runs the statements of a coalesced batch on the sink; throws where Postgres would, or where a row that must be there is not. */
export function runCoalesced(sink: ModelSink, coalesced: Coalesced): void {
  if (coalesced.truncate) sink.byKey.clear();
  for (const { renames, deletes, puts } of coalesced.steps) {
    // They are one statement, which may take its rows in any order.
    const taken = new Set(sink.byKey.keys());
    for (const { from, to } of renames) {
      const row = sink.byKey.get(keyText(sink.relation, from));
      if (row === undefined) throw new Error('a rename finds no row');
      if (taken.has(keyText(sink.relation, to))) throw new Error('a rename meets a key that is taken');
      sink.byKey.delete(keyText(sink.relation, from));
      write(sink, to, row, sink.relation.key);
    }
    for (const image of deletes) sink.byKey.delete(keyText(sink.relation, image));
    const met = new Set<string>();
    for (const { rows, unchanged } of puts) {
      for (const image of rows) {
        const key = keyText(sink.relation, image);
        if (met.has(key)) throw new Error('a batch puts one key twice');
        met.add(key);
        const row = sink.byKey.get(key);
        if (row === undefined && unchanged.length > 0) throw new Error('an update finds no row');
        const columns = sink.relation.columns.map(({ index }) => index);
        write(
          sink,
          image,
          row ?? [],
          columns.filter((index) => !unchanged.includes(index)),
        );
      }
    }
  }
}

function write(sink: ModelSink, image: Buffer, row: readonly string[], columns: readonly number[]): void {
  const next = [...row];
  for (const index of columns) {
    const { kind, start, end } = readColumn(image, index);
    if (kind !== columnKind.binary) throw new Error('a value is written that was not sent');
    next[index] = image.toString('utf8', start, end);
  }
  sink.byKey.set(keyText(sink.relation, image), next);
}

function keyText(relation: Relation, image: Buffer): string {
  return relation.key
    .map((index) => {
      const { start, end } = readColumn(image, index);
      return image.toString('utf8', start, end);
    })
    .join('|');
}
