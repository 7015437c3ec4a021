import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { createBucketSums } from './bucket-sums.ts';
import { compareRows, settled } from './compare-rows.ts';
import { bucketCount, bucketOf, digestOf, type RowDigest } from './row-digest.ts';

const row = (key: string | null, digest: string): RowDigest => ({
  bucket: 1,
  digest: digest.padEnd(32, '0'),
  key,
});

test('a row is digested value by value, so that no two rows are one text', () => {
  expect(digestOf(['a', 'b'])).toBe(createHash('md5').update('1:a1:b').digest('hex'));
  const rows = [
    ['ab', 'c'],
    ['a', 'bc'],
    ['', 'abc'],
    [null, 'abc'],
    ['abc', null],
    ['-', 'abc'],
  ];
  expect(new Set(rows.map(digestOf)).size).toBe(rows.length);
  expect(digestOf(['é'])).toBe(createHash('md5').update('2:é').digest('hex'));
});

test('every digest has a bucket', () => {
  for (const text of ['a', 'b', 'c']) {
    const bucket = bucketOf(digestOf([text]));
    expect(bucket).toBeGreaterThanOrEqual(0);
    expect(bucket).toBeLessThan(bucketCount);
  }
});

test('sums are equal whatever the order, and tell a row that is there twice', () => {
  const sumsOf = (...rows: RowDigest[]) => {
    const sums = createBucketSums();
    for (const each of rows) sums.add(each);
    return sums;
  };
  const [a, b] = [row('1', 'aa'), row('2', 'bb')];
  expect(sumsOf(a, b).differing(sumsOf(b, a))).toEqual([]);
  expect(sumsOf(a).differing(sumsOf(a, a))).toEqual([1]);
  expect(sumsOf(a).differing(sumsOf())).toEqual([1]);
  expect(sumsOf().differing(sumsOf({ ...a, bucket: 7 }))).toEqual([7]);
});

test('rows are told missing, extra and different by their keys', () => {
  const source = [row('1', 'a'), row('2', 'b'), row('3', 'c')];
  const sink = [row('1', 'a'), row('3', 'x'), row('4', 'd')];
  expect(compareRows(source, sink).map(({ kind, key }) => [kind, key])).toEqual([
    ['missing', '2'],
    ['different', '3'],
    ['extra', '4'],
  ]);
});

test('rows without a key are counted', () => {
  const source = [row(null, 'a'), row(null, 'a'), row(null, 'b')];
  expect(compareRows(source, [row(null, 'a'), row(null, 'b')])).toMatchObject([
    { kind: 'missing', key: null },
  ]);
  expect(compareRows([row(null, 'b')], source).map(({ kind }) => kind)).toEqual(['extra', 'extra']);
});

test('a difference is settled when it stood exactly so before; one that moves is not', () => {
  const before = compareRows([row('1', 'a'), row('2', 'b')], []);
  expect(settled(compareRows([row('1', 'a'), row('2', 'c')], []), before)).toMatchObject([{ key: '1' }]);
});
