import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Hex } from '@spine/kernel/canonical-json';
import { Problem } from '@spine/kernel/problem';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Change } from '../../domain/change.ts';
import { aRelation } from '../../domain/relation-builder.ts';
import { createSpool, sweepSpool } from './spool.ts';
import { createTransactionSpool } from './transaction-spool.ts';

const orders = aRelation({ oid: 7 });
const lines = aRelation({ oid: 8, table: 'lines' });
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spine-spool-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Everything about a change in a short text, so that megabytes need not be compared byte by byte in JavaScript. */
function sayWhole({ relation, ...change }: Change): string {
  const images = ['before' in change ? change.before : null, 'after' in change ? change.after : null].map(
    (image) => (image === null ? null : `${image.length} ${sha256Hex(image)}`),
  );
  return JSON.stringify([relation.table, { ...change, before: images[0], after: images[1] }]);
}

const never = (error: unknown): void => {
  throw error;
};

test('every kind of change comes back as it was, values of any length, in order and as often as asked', async () => {
  const spool = createSpool(folder, 'r', never);
  const changes: Change[] = [
    { kind: 'insert', relation: orders, after: Buffer.from('a') },
    { kind: 'update', relation: orders, after: Buffer.alloc(300_000, 1), before: null, beforeKind: null },
    { kind: 'update', relation: lines, after: Buffer.from('c'), before: Buffer.from('b'), beforeKind: 'K' },
    { kind: 'update', relation: orders, after: Buffer.alloc(0), before: Buffer.from('b'), beforeKind: 'O' },
    { kind: 'delete', relation: lines, before: Buffer.alloc(5_000_000, 2), beforeKind: 'K' },
    { kind: 'delete', relation: lines, before: Buffer.from('e'), beforeKind: 'O' },
    { kind: 'truncate', relation: orders, cascade: true },
    { kind: 'truncate', relation: lines, cascade: false },
  ];
  const transaction = createTransactionSpool(spool.open());
  for (const change of changes) transaction.append(change.relation === orders ? 0 : 1, change);
  const sealed = await transaction.seal([orders, lines]);
  expect([...sealed.counts]).toEqual([
    [orders, 4],
    [lines, 4],
  ]);
  for (let time = 0; time < 2; time += 1) {
    const read: Change[] = [];
    for await (const part of sealed.parts()) read.push(...part);
    expect(read.map(sayWhole)).toEqual(changes.map(sayWhole));
  }
  await spool.close();
});

test('a hundred thousand changes come in parts of ten thousand at most, and no name of a file is ever left', async () => {
  const spool = createSpool(folder, 'r', never);
  const transaction = createTransactionSpool(spool.open());
  const after = Buffer.alloc(100, 3);
  for (let index = 0; index < 100_000; index += 1) {
    transaction.append(0, { kind: 'insert', after });
    if (spool.crowded()) await spool.settled();
  }
  const sealed = await transaction.seal([orders]);
  expect(await readdir(folder)).toEqual([]);
  const sizes: number[] = [];
  for await (const part of sealed.parts()) sizes.push(part.length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(100_000);
  expect(Math.max(...sizes)).toBe(10_000);
  await sealed.discard();
  await spool.close();
});

test('what is cut off is gone, whether it had reached the disk or not', async () => {
  const spool = createSpool(folder, 'r', never);
  const transaction = createTransactionSpool(spool.open());
  const say = (subxid: number, text: string): void => {
    transaction.enter(subxid);
    transaction.append(0, { kind: 'insert', after: Buffer.from(text) });
  };
  say(1, 'a');
  say(2, 'b'.repeat(600_000));
  say(2, 'c');
  transaction.abort(2);
  say(1, 'd');
  say(3, 'e');
  transaction.abort(3);
  say(1, 'f');
  const sealed = await transaction.seal([orders]);
  const read: string[] = [];
  for await (const part of sealed.parts()) {
    for (const change of part) read.push(change.kind === 'insert' ? change.after.toString() : '');
  }
  expect(read).toEqual(['a', 'd', 'f']);
  await spool.close();
});

test('a disk that cannot be written ends the stream with a Problem that names folder and way out', async () => {
  const taken = join(folder, 'taken');
  await writeFile(taken, '');
  const faults: unknown[] = [];
  const spool = createSpool(join(taken, 'spool'), 'shop-to-us', (error) => faults.push(error));
  const transaction = createTransactionSpool(spool.open());
  transaction.append(0, { kind: 'truncate', cascade: false });
  await expect(transaction.seal([orders])).rejects.toThrow();
  expect(faults[0]).toBeInstanceOf(Problem);
  expect(faults[0]).toMatchObject({ code: 'SPOOL_FAILED', message: expect.stringContaining(taken) });
  await spool.close();
});

test('a name that a killed worker left is swept, and nothing else', async () => {
  await writeFile(join(folder, '1-aa.spool'), 'x');
  await writeFile(join(folder, 'kept'), 'x');
  await sweepSpool(folder);
  expect(await readdir(folder)).toEqual(['kept']);
  await sweepSpool(join(folder, 'absent'));
});
