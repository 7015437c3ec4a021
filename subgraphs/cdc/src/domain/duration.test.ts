import { expect, test } from 'vitest';
import { durationMs } from './duration.ts';

test.each([
  ['P7D', 604_800_000],
  ['P1Y', 31_536_000_000],
  ['P2M', 5_184_000_000],
  ['P1W', 604_800_000],
  ['P1DT1H30M', 91_800_000],
  ['PT90S', 90_000],
])('%s lasts %d ms', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test.each(['', 'P', 'PT', '7D', 'P1S', 'P-1D', 'P1.5D'])('%s is no duration', (text) => {
  expect(durationMs(text)).toBeNull();
});
