import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeKeyset, encodeKeyset, pageArgs, toConnection } from './connection.ts';

test('a page holds 20 nodes unless it is asked for others, and one row more is fetched', () => {
  expect(pageArgs(null, undefined)).toEqual({ size: 20, limit: 21, after: undefined });
  expect(pageArgs(100, null).limit).toBe(101);
});

test.each([0, -1, 101, 1.5])('first: %s is refused', (first) => {
  expect(() => pageArgs(first, null)).toThrow(
    expect.objectContaining({ code: 'INPUT_INVALID', path: 'first' }),
  );
});

test('a cursor reads back as the values that it was made of', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (values) => {
      expect(decodeKeyset(encodeKeyset(values), values.length)).toEqual(values);
    }),
  );
});

test('no text at all crashes the reader of cursors', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.base64String(),
        fc.json().map((text) => Buffer.from(text).toString('base64url')),
      ),
      (text) => {
        try {
          expect(decodeKeyset(text, 1)).toHaveLength(1);
        } catch (error) {
          expect(error).toMatchObject({ code: 'CURSOR_INVALID' });
        }
      },
    ),
  );
});

test('a cursor of another list is refused', () => {
  expect(() => pageArgs(1, encodeKeyset(['a', 'b']))).toThrow(
    expect.objectContaining({ code: 'CURSOR_INVALID' }),
  );
});

test('every row is on exactly one page, in order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 5 }), (names, size) => {
      const rows = [...names].sort();
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page = pageArgs(size, after);
        const [last] = page.after ?? [];
        const found = rows.filter((name) => last === undefined || name > last).slice(0, page.limit);
        const { nodes, pageInfo } = toConnection(page, found, {
          node: (name) => ({ name }),
          keyset: (name) => [name],
        });
        seen.push(...nodes.map((node) => node.name));
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
      } while (after !== null);
      expect(seen).toEqual(rows);
    }),
  );
});
