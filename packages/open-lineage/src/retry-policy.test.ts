import { describe, expect, test } from 'vitest';
import { decideRetry, parseRetryAfter } from './retry-policy.ts';

const policy = { attempts: 5, baseMs: 300, maxMs: 10_000 };
const at = { now: Date.parse('2026-01-01T00:00:00Z'), random: 1 };
const decide = (status: number | null, retryAfter: string | null = null, attempt = 1) =>
  decideRetry({ status, retryAfter }, attempt, policy, at);

describe('the retry matrix', () => {
  test.each([null, 500, 502, 503, 504])('%s is sent again', (status) => {
    expect(decide(status)).toEqual({ retry: true, waitMs: 300 });
  });

  test.each([301, 400, 401, 403, 404, 409, 413, 415, 422, 429, 501])('%s stands', (status) => {
    expect(decide(status)).toEqual({ retry: false });
  });

  test.each([429, 503])('%s waits as long as it was told', (status) => {
    expect(decide(status, '2')).toEqual({ retry: true, waitMs: 2000 });
  });

  test('413 stands even with Retry-After: the event does not get smaller', () => {
    expect(decide(413, '1')).toEqual({ retry: false });
  });

  test('the fifth attempt is the last', () => {
    expect(decide(503, '1', 4)).toMatchObject({ retry: true });
    expect(decide(503, '1', 5)).toEqual({ retry: false });
  });

  test('waits double, within the bound', () => {
    expect([1, 2, 3].map((attempt) => decide(500, null, attempt))).toMatchObject([
      { waitMs: 300 },
      { waitMs: 600 },
      { waitMs: 1200 },
    ]);
    expect(decide(503, '3600')).toEqual({ retry: true, waitMs: 10_000 });
  });
});

describe('Retry-After', () => {
  test('is seconds or a date', () => {
    expect(parseRetryAfter('7', at.now)).toBe(7000);
    expect(parseRetryAfter('Thu, 01 Jan 2026 00:00:05 GMT', at.now)).toBe(5000);
    expect(parseRetryAfter('Thu, 01 Jan 2020 00:00:00 GMT', at.now)).toBe(0);
  });

  test('that says neither is as if absent', () => {
    expect(parseRetryAfter('soon', at.now)).toBeNull();
    expect(parseRetryAfter(null, at.now)).toBeNull();
  });
});
