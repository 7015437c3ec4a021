import { describe, expect, test } from 'vitest';
import { choosePartition, murmur2 } from './choose-partition.ts';

describe('partitions', () => {
  // From the tests of Kafka's own clients (UtilsTest.testMurmur2).
  test.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ])('%s hashes as Kafka hashes it', (text, hash) => {
    expect(murmur2(Buffer.from(text))).toBe(hash);
  });

  test('a key of any length has one partition, and it exists', () => {
    for (let length = 0; length < 40; length += 1) {
      const key = Buffer.alloc(length, 0xe5);
      const partition = choosePartition(key, 7, 0);
      expect(partition).toBeGreaterThanOrEqual(0);
      expect(partition).toBeLessThan(7);
      expect(choosePartition(Buffer.from(key), 7, 3)).toBe(partition);
    }
  });

  test('records without a key go round', () => {
    expect([0, 1, 2, 3].map((turn) => choosePartition(null, 3, turn))).toEqual([0, 1, 2, 0]);
  });
});
