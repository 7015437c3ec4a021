import { expect, test } from 'vitest';
import { createLagWindow } from './lag-window.ts';

test('percentiles are those of the samples held', () => {
  const window = createLagWindow({ size: 1000, maxAgeMs: 60_000 });
  for (let lag = 1; lag <= 100; lag++) window.record(lag, 1_000);
  expect(window.percentiles(1_000)).toEqual({ p50: 0.051, p95: 0.096, p99: 0.1 });
  expect(window.latest()).toBe(0.1);
});

test('a sample older than the window no longer counts', () => {
  const window = createLagWindow({ size: 10, maxAgeMs: 1_000 });
  window.record(5_000, 0);
  window.record(20, 5_000);
  expect(window.percentiles(5_500)).toEqual({ p50: 0.02, p95: 0.02, p99: 0.02 });
});

test('the ring keeps only the newest samples', () => {
  const window = createLagWindow({ size: 2, maxAgeMs: 60_000 });
  for (const lag of [9_000, 10, 20]) window.record(lag, 0);
  expect(window.percentiles(0).p99).toBe(0.02);
});

test('an empty window answers zeros', () => {
  expect(createLagWindow({ size: 4, maxAgeMs: 1 }).percentiles(0)).toEqual({ p50: 0, p95: 0, p99: 0 });
});
