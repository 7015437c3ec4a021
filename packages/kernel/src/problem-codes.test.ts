import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { problemCodes } from './problem-codes.ts';

const page = readFileSync(new URL('../../../docs/problems.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => /^[A-Z_]+$/.test(cells[1] ?? ''));

test('every problem code is documented, in order and with its status, and nothing else is', () => {
  expect(rows.map(([, code, status]) => [code, Number(status)])).toEqual(Object.entries(problemCodes));
});

test.each(rows.map(([, code, , meaning, fix]) => [code, meaning, fix]))(
  '%s says what it means and what to do',
  (_code, meaning, fix) => {
    expect(meaning).toMatch(/.{15,}\.$/);
    expect(fix).toMatch(/.{10,}\.$/);
  },
);
