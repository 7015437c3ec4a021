import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { treatText } from './treat-text.ts';

const key = Buffer.from('k'.repeat(32));

test('what policy takes away is taken away', () => {
  expect(treatText({ type: 'drop' }, null)('a')).toBeNull();
  expect(treatText({ type: 'mask' }, null)('a')).toBe('***');
});

test('a hash is the HMAC-SHA-256 of the text, in hex', () => {
  const expected = createHmac('sha256', key).update('a').digest('hex');
  expect(treatText({ type: 'hash' }, key)('a')).toBe(expected);
});

test('a token names its key and is no hash; one that keeps the format looks like the text', () => {
  const hash = Buffer.from(treatText({ type: 'hash' }, key)('ada@example.org') ?? '', 'hex');
  const token = treatText({ type: 'tokenise' }, key)('ada@example.org') ?? '';
  expect(token).toMatch(/^[0-9a-f]{8}\.[A-Za-z0-9_-]{43}$/);
  expect(token).not.toContain(hash.toString('base64url'));
  expect(treatText({ type: 'tokenise', keep: 'format' }, key)('Ada-36@example.org')).toMatch(
    /^[A-Z][a-z]{2}-\d{2}@[a-z]{7}\.[a-z]{3}$/,
  );
});

test('bytes and text of one value are treated alike', () => {
  for (const obligation of [
    { type: 'hash' },
    { type: 'tokenise' },
    { type: 'tokenise', keep: 'format' },
  ] as const) {
    const treat = treatText(obligation, key);
    expect(treat(Buffer.from('grüße'))).toBe(treat('grüße'));
  }
});

test('a text is shortened by whole characters', () => {
  const truncate = (to: number) => treatText({ type: 'truncate', to }, null);
  expect(truncate(4)('2024-02-29')).toBe('2024');
  expect(truncate(4)(Buffer.from('😀😀'))).toBe('😀😀');
  expect(truncate(1)('😀😀')).toBe('😀');
  expect(truncate(3)('')).toBe('');
});
