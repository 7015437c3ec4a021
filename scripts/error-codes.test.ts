import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorCodes } from '@spine/client';
import { problemCodes } from '@spine/kernel/problem-codes';
import { expect, test } from 'vitest';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const own: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(root, 'schema/graphql/error-codes.json'), 'utf8'),
);

test('every code that the gateway puts into an error is one that clients know', () => {
  const sources = readdirSync(join(root, 'gateway/src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('testing'))
    .map((file) => readFileSync(join(root, 'gateway/src', file), 'utf8'));
  const code = /(?:\bcode: |\b(?:refusal|coded|Problem)\((?:[a-z]\w*, )?)\s*'([A-Z][A-Z_]{3,})'/g;
  const used = new Set(sources.flatMap((text) => [...text.matchAll(code)].map((match) => match[1] ?? '')));
  expect(used.size).toBeGreaterThan(10);
  const known = new Set<string>(errorCodes);
  expect([...used].filter((each) => !known.has(each))).toEqual([]);
});

test('a code of the GraphQL layer has a meaning of its own, and docs/graph.md tells it', () => {
  const page = readFileSync(join(root, 'docs/graph.md'), 'utf8');
  for (const [code, meaning] of Object.entries(own)) {
    expect(Object.keys(problemCodes)).not.toContain(code);
    expect(page).toContain(`| ${code} | ${meaning} |`);
  }
});
