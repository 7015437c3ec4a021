import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapeMarkdown } from './escape-markdown.ts';
import { type ChangelogEntry, renderChangelogMarkdown } from './render-markdown.ts';

const state = { deletedAt: null, erasedAt: null, rolledBack: null, deprecation: null };
const at = new Date('2026-03-01T10:00:00Z');

function entry(part: Partial<ChangelogEntry> = {}): ChangelogEntry {
  const semver = { major: 2, minor: 0, patch: 0 };
  return {
    version: {
      subject: 'orders',
      version: 2,
      semver,
      bump: 'MAJOR',
      publishedAt: at,
      publishedBy: 'ana',
      state,
    },
    changes: [],
    affected: [],
    ...part,
  };
}

const breach = {
  direction: 'FORWARD',
  kind: 'TYPE_MISMATCH',
  path: '/fields/0/type',
  message: 'the reader has long, the writer string',
} as const;

test('a changelog tells version, time, author, changes, breaches and who is affected (R8)', () => {
  const text = renderChangelogMarkdown([
    entry({
      changes: [
        {
          kind: 'TYPE_CHANGED',
          part: 'FIELD',
          name: 'shop.Order.id',
          path: '/fields/0/type',
          before: 'long',
          after: 'string',
          breaks: ['FORWARD'],
          breaches: [breach],
        },
        { kind: 'DEFAULT_CHANGED', part: 'FIELD', name: 'n', after: 0, breaks: [], breaches: [] },
      ],
      affected: [
        {
          role: 'CONSUMER',
          name: 'billing',
          version: 1,
          contact: '#billing',
          why: 'reads long (TYPE_MISMATCH)',
        },
      ],
    }),
  ]);
  expect(text).toBe(`# Changelog of orders

## 2.0.0 (MAJOR)

Version 2, published 2026-03-01T10:00:00.000Z by ana.

| change | of | before | after | breaks |
|---|---|---|---|---|
| type changed | field shop.Order.id | long | string | forward |
| default changed | field n |  | 0 |  |

What breaks:

- readers of older schemas, on new data: the reader has long, the writer string (at /fields/0/type)

Who is affected:

- consumer billing at version 1, ask \\#billing: reads long \\(TYPE_MISMATCH\\)
`);
});

test('what became of a version is told with it', () => {
  const later = {
    ...state,
    rolledBack: { at, by: 'leo', reason: 'broke billing', approver: 'mia' },
    deprecation: { at, sunset: at, note: 'use 3.x' },
  };
  const text = renderChangelogMarkdown([entry({ version: { ...entry().version, state: later } })]);
  expect(text).toContain('**Rolled back** 2026-03-01T10:00:00.000Z by leo (approved by mia): broke billing.');
  expect(text).toContain('to be gone by 2026-03-01T10:00:00.000Z: use 3.x.');
  expect(text).toContain('Nothing changed that a reader or a person would notice.');
});

test.each([
  ['a|b', 'a\\|b'],
  ['<img src=x onerror=alert(1)>', '&#60;img src=x onerror=alert\\(1\\)&#62;'],
  ['[x](javascript:alert)', '\\[x\\]\\(javascript:alert\\)'],
  ['https://evil.example', 'https\\://evil.example'],
  ['www.evil.example', 'www\\.evil.example'],
  ['@everyone', '&#64;everyone'],
  ['order_id', 'order_id'],
  ['_id_', '\\_id\\_'],
  ['two\nlines\u202e', 'two lines'],
  ['`code`', '\\`code\\`'],
  ['&lt;', '&#38;lt;'],
])('%j is written as words', (text, escaped) => {
  expect(escapeMarkdown(text)).toBe(escaped);
});

test('no name, however it is made, leaves its cell or brings markup in', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.stringMatching(/^[|`<\\\n_*#@&[\]]{0,20}$/),
  );
  fc.assert(
    fc.property(text, text, (name, value) => {
      const change = { kind: 'ADDED', part: 'FIELD', name, after: value, breaks: [], breaches: [] } as const;
      const lines = renderChangelogMarkdown([entry({ changes: [change] })]).split('\n');
      const row = lines.find((line) => line.startsWith('| added ')) ?? '';
      const bare = row.replace(/\\[!-/:-@[-`{-~]/g, '').replace(/&#\d+;/g, '');
      expect(bare.split('|')).toHaveLength(7);
      expect(bare).not.toMatch(/[`<>*[\]@&\\]/);
      expect(lines).toHaveLength(10);
    }),
    { numRuns: 50 },
  );
});

test('a version that follows none says so', () => {
  expect(renderChangelogMarkdown([entry({ changes: null })])).toContain('It follows no other version.');
});

test('a long value is cut, never within a character', () => {
  expect(escapeMarkdown('🙂'.repeat(500))).toBe(`${'🙂'.repeat(200)}…`);
});
