import { describe, expect, test } from 'vitest';
import { parseWalSize, type SlotDanger, type SlotHealth, sayWalSize, slotDanger } from './slot-danger.ts';

const gb = 1n << 30n;
const healthy: SlotHealth = {
  walStatus: 'reserved',
  invalidationReason: null,
  retainedBytes: gb,
  safeBytes: null,
};

describe('how near a slot is to its end', () => {
  test.each<[string, Partial<SlotHealth>, bigint | null, SlotDanger]>([
    ['no limit anywhere, however much is kept', { retainedBytes: 500n * gb }, null, 'none'],
    ['below half of the own limit', { retainedBytes: 4n * gb }, 10n * gb, 'none'],
    ['at half of it', { retainedBytes: 5n * gb }, 10n * gb, 'warning'],
    ['at four fifths of it', { retainedBytes: 8n * gb }, 10n * gb, 'danger'],
    ['at all of it', { retainedBytes: 10n * gb }, 10n * gb, 'over'],
    ['half of what the source allows is used', { retainedBytes: gb, safeBytes: gb }, null, 'warning'],
    ['little of it is left', { retainedBytes: 9n * gb, safeBytes: gb }, null, 'danger'],
    ['the nearer limit counts', { retainedBytes: 5n * gb, safeBytes: gb }, 100n * gb, 'danger'],
    ['the source has begun to take it back', { walStatus: 'unreserved', safeBytes: -5n }, null, 'danger'],
    ['the source has taken it back', { walStatus: 'lost' }, null, 'lost'],
    ['the source names why it is gone', { invalidationReason: 'idle_timeout' }, 10n * gb, 'lost'],
    [
      'a few segments are kept in any case',
      { retainedBytes: 30n << 20n, safeBytes: 10n << 20n },
      null,
      'none',
    ],
  ])('%s', (_, health, limit, expected) => {
    expect(slotDanger({ ...healthy, ...health }, limit)).toBe(expected);
  });
});

test('sizes are read as Postgres reads them, and said in words', () => {
  expect(parseWalSize('512MB')).toBe(512n << 20n);
  expect(parseWalSize('10GB')).toBe(10n * gb);
  expect(sayWalSize(10n * gb + (gb >> 1n))).toBe('10.5 GB');
  expect(sayWalSize(3n << 20n)).toBe('3.0 MB');
  expect(sayWalSize(2n << 40n)).toBe('2.0 TB');
  for (const wrong of ['10', '10 GB', '0GB', '-1GB', '1.5GB', '10kB', '']) {
    expect(() => parseWalSize(wrong)).toThrow(RangeError);
  }
});
