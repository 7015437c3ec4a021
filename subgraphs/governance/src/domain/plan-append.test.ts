import { sha256Hex } from '@spine/kernel/canonical-json';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { emptyChain, entryHash, genesisHash } from './chain.ts';
import type { Leaf } from './leaf.ts';
import { type FinalLeaf, planAppend } from './plan-append.ts';
import { sampleLeaf } from './samples.ts';

const matrix = { version: 3, digest: 'd3' };
const older = { version: 2, digest: 'd2' };
const nothing = new Map<string, FinalLeaf>();

test('a leaf is hashed behind its predecessor, the first behind 64 zeros', () => {
  const { appended } = planAppend(emptyChain, matrix, nothing, [
    sampleLeaf(1, matrix),
    sampleLeaf(2, matrix),
  ]);
  expect(appended.map((entry) => entry.seq)).toEqual([1n, 2n]);
  expect(appended[0]?.prevHash).toBe(genesisHash);
  expect(appended[0]?.hash).toBe(sha256Hex(genesisHash + (appended[0]?.body ?? '')));
  expect(appended[1]?.prevHash).toBe(appended[0]?.hash);
  expect(appended[1]?.hash).toBe(entryHash(appended[0]?.hash ?? '', appended[1]?.body ?? ''));
});

test('a leaf under a matrix that is not active is refused, with the active version', () => {
  expect(planAppend(emptyChain, matrix, nothing, [sampleLeaf(1, older)])).toMatchObject({
    results: [{ status: 'stale_matrix', matrixVersion: 3 }],
    appended: [],
  });
  expect(planAppend(emptyChain, null, nothing, [sampleLeaf(1, matrix)]).results).toMatchObject([
    { status: 'stale_matrix', matrixVersion: 0 },
  ]);
});

test('the same leaf twice, in one request or in two, is one entry', () => {
  const leaf = sampleLeaf(1, matrix);
  const first = planAppend(emptyChain, matrix, nothing, [leaf, leaf]);
  expect(first.results.map((result) => result.status)).toEqual(['appended', 'exists']);
  const again = planAppend({ seq: 1n, hash: first.appended[0]?.hash ?? '' }, matrix, finalsOf(first), [leaf]);
  expect(again.results).toMatchObject([{ status: 'exists', seq: 1n, hash: first.appended[0]?.hash }]);
  expect(again.appended).toEqual([]);
});

test('a batch decided anew under another matrix replaces its leaf', () => {
  const first = planAppend(emptyChain, older, nothing, [sampleLeaf(1, older)]);
  const anew = sampleLeaf(1, matrix, { supersedes: sampleLeaf(1, older).batchId });
  for (const leaf of [anew, { ...anew, supersedes: undefined }]) {
    const second = planAppend({ seq: 1n, hash: 'h' }, matrix, finalsOf(first), [leaf, leaf]);
    expect(second.results.map((result) => result.status)).toEqual(['appended', 'exists']);
    expect(second.replaced).toEqual([{ batchId: leaf.batchId, seq: 1n, by: 2n }]);
  }
});

test('under one matrix only a leaf that says so replaces another', () => {
  const leaf = sampleLeaf(1, matrix);
  const finals = finalsOf(planAppend(emptyChain, matrix, nothing, [leaf]));
  const other: Leaf = { ...leaf, decisions: [] };
  const plan = (again: Leaf) =>
    planAppend({ seq: 1n, hash: 'h' }, matrix, finals, [again]).results[0]?.status;
  expect(plan(other)).toBe('exists');
  expect(plan({ ...other, supersedes: leaf.batchId })).toBe('appended');
});

test('a leaf cannot supersede what is not final', () => {
  expect(() =>
    planAppend(emptyChain, matrix, nothing, [sampleLeaf(1, matrix, { supersedes: 'gone' })]),
  ).toThrow(/no final leaf/);
});

test('whatever is sent, seqs have no gap and each batch has one final leaf', () => {
  const leaf = fc
    .record({ at: fc.integer({ min: 1, max: 4 }), stale: fc.boolean(), again: fc.boolean() })
    .map(({ at, stale, again }) => {
      const made = sampleLeaf(at, stale ? older : matrix);
      return again ? { ...made, decisions: [] } : made;
    });
  fc.assert(
    fc.property(fc.array(leaf), (leaves) => {
      const { appended, results } = planAppend({ seq: 7n, hash: 'h' }, matrix, nothing, leaves);
      expect(appended.map((entry) => entry.seq)).toEqual(appended.map((_, index) => BigInt(8 + index)));
      expect(new Set(appended.map((entry) => entry.leaf.batchId)).size).toBe(appended.length);
      expect(results.map((result) => result.batchId)).toEqual(leaves.map((each) => each.batchId));
    }),
  );
});

function finalsOf(plan: ReturnType<typeof planAppend>): ReadonlyMap<string, FinalLeaf> {
  return new Map(
    plan.appended.map(({ leaf, seq, hash, body }) => [
      leaf.batchId,
      { seq, hash, body, matrixVersion: leaf.matrixVersion, matrixDigest: leaf.matrixDigest },
    ]),
  );
}
