import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyId, tokenInFormat, tokensUnder } from './tokenise.ts';

const key = Buffer.from('the first key of the obligations');
const nextKey = Buffer.from('the key that comes after the first');
const tokenOf = (under: Buffer, text: Buffer | string) => tokensUnder(under)(text);
const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.stringMatching(/^[A-Za-z0-9 .@+()-]{0,80}$/),
  fc.emailAddress(),
);

/** What a format is: which characters are digits, lower and upper letters, and which are themselves. */
function formatOf(text: string): readonly string[] {
  return [...text].map((character) => {
    if (/\p{Nd}/u.test(character)) return 'digit';
    if (/\p{Lu}/u.test(character)) return 'upper';
    return /\p{L}/u.test(character) ? 'lower' : character;
  });
}

test('a token in format has a digit for each digit, a letter for each letter, and all else in its place', () => {
  fc.assert(
    fc.property(texts, (text) => {
      const token = tokenInFormat(key, text);
      expect(formatOf(token)).toEqual(formatOf(text));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: nothing but ASCII may come of letters and digits
      expect(token.replace(/[\x00-\x7f]/g, '')).toBe(text.replace(/[\p{L}\p{Nd}\x00-\x7f]/gu, ''));
    }),
  );
});

test('a text has one token under a key', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(tokenInFormat(key, text)).toBe(tokenInFormat(Buffer.from(key), text));
      expect(tokenOf(key, text)).toBe(tokenOf(Buffer.from(key), Buffer.from(text)));
    }),
  );
});

test('another key gives another token, and says so', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9]{16,40}$/), (text) => {
      expect(tokenInFormat(nextKey, text)).not.toBe(tokenInFormat(key, text));
      expect(tokenOf(nextKey, text).split('.')[1]).not.toBe(tokenOf(key, text).split('.')[1]);
    }),
  );
  expect(tokenOf(key, 'a').startsWith(`${keyId(key)}.`)).toBe(true);
  expect(keyId(key)).toMatch(/^[0-9a-f]{8}$/);
  expect(keyId(nextKey)).not.toBe(keyId(key));
});

test('texts that differ in one place have tokens that differ in all, and no token holds its text', () => {
  const tokens = Array.from({ length: 500 }, (_, number) =>
    tokenInFormat(key, `4000 1234 5678 ${String(number).padStart(4, '0')}`),
  );
  expect(new Set(tokens).size).toBe(tokens.length);
  expect(new Set(tokens.map((token) => token.slice(0, 4))).size).toBeGreaterThan(400);
  expect(tokenOf(key, 'ada@example.org')).not.toContain('ada');
});

test('digits are drawn evenly', () => {
  const counts = new Map<string, number>();
  for (const digit of tokenInFormat(key, '0'.repeat(20_000))) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  expect(counts.size).toBe(10);
  for (const count of counts.values()) expect(Math.abs(count - 2_000)).toBeLessThan(250);
});
