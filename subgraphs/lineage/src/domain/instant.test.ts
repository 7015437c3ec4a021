import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseInstant } from './instant.ts';

test.each([
  ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000000Z'],
  ['2026-01-02T03:04:05.123456789Z', '2026-01-02T03:04:05.123456Z'],
  ['2026-01-02T03:04:05.1+02:00', '2026-01-02T01:04:05.100000Z'],
  ['2026-01-02T03:04:05-0530', '2026-01-02T08:34:05.000000Z'],
  ['2026-01-02t03:04:05+01', '2026-01-02T02:04:05.000000Z'],
  ['2026-01-02 03:04z', '2026-01-02T03:04:00.000000Z'],
  ['2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00.000000Z'],
  ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000000Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000000Z'],
])('%s is %s', (text, instant) => {
  expect(parseInstant(text)).toEqual({ instant, zoned: true });
});

test('without a zone it is UTC, and says so', () => {
  expect(parseInstant('2026-01-02T03:04:05')).toEqual({
    instant: '2026-01-02T03:04:05.000000Z',
    zoned: false,
  });
});

test.each([
  '',
  'now',
  '2026-02-30T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-01-02T24:00:00Z',
  '2026-01-02T00:60:00Z',
  '2026-01-02T00:00:00+24:00',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59-01:00',
  '2026-01-02',
  '1767322245',
])('%s is no moment', (text) => {
  expect(parseInstant(text)).toBeNull();
});

test('text order is time order', () => {
  const time = fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true });
  fc.assert(
    fc.property(time, time, (a, b) => {
      const [left, right] = [parseInstant(a.toISOString()), parseInstant(b.toISOString())];
      expect(left !== null && right !== null && left.instant < right.instant).toBe(a < b);
    }),
  );
});
