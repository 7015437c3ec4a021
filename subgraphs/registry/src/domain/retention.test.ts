import { expect, test } from 'vitest';
import { parseRetention, retentionSeconds } from './retention.ts';

test.each([
  ['P90D', 90 * 86_400],
  ['P1Y', 365 * 86_400],
  ['P12M', 365 * 86_400],
  ['P2W', 14 * 86_400],
  ['P1DT12H', 36 * 3_600],
  ['PT30M', 1_800],
  ['P0D', 0],
])('%s lasts %i seconds', (text, seconds) => {
  expect(retentionSeconds(text)).toBe(seconds);
});

test.each(['', 'P', 'PT', 'P1DT', '90D', 'p90d', 'P-1D', 'P1.5D', 'P1D1Y', 'P90D ', 'P9999999D', 'forever'])(
  '%j is no retention, and the refusal says what one looks like',
  (text) => {
    expect(() => parseRetention(text)).toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        path: '/retention',
        fix: expect.stringContaining('P90D'),
      }),
    );
  },
);
