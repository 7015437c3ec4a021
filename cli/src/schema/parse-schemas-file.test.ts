import { readFileSync } from 'node:fs';
import { Problem } from '@spine/kernel/problem';
import { offlineLevels, offlineProfiles } from '@spine/registry/offline';
import { expect, test } from 'vitest';
import { parseSchemasFile } from './parse-schemas-file.ts';
import { schemasFileJsonSchema } from './schemas-file-shape.ts';

function problemOf(text: string): Problem {
  try {
    parseSchemasFile(text, 'spine.schemas.yaml');
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('it was taken');
}

test('a mapping names files, subjects and what is said of them', () => {
  const text = `
defaults: { level: BACKWARD, owner: shop }
schemas:
  - file: schemas/order.avsc
    subject: orders
    tags: { email: [pii] }
    class: confidential
    retention: P90D
    references: [{ name: shop.Address, subject: address }]
`;
  expect(parseSchemasFile(text, 'x').schemas[0]).toMatchObject({
    subject: 'orders',
    references: [{ name: 'shop.Address', subject: 'address', version: 'latest' }],
  });
});

test('an unknown key is named with its line and the nearest one that there is', () => {
  const problem = problemOf('schemas:\n  - file: a.avsc\n    subject: a\n    levl: FULL\n');
  expect(problem.code).toBe('UNKNOWN_KEY');
  expect(problem.message).toContain(
    "spine.schemas.yaml:4 schemas.0.levl: unknown key; did you mean 'level'?",
  );
});

test('every fault is told at once', () => {
  const { message } = problemOf('schemas:\n  - file: a.avsc\n    level: FUL\n    retention: 90 days\n');
  expect(message).toContain('3 faults');
  expect(message).toContain('spine.schemas.yaml:3 schemas.0.level');
  expect(message).toContain('spine.schemas.yaml:4 schemas.0.retention');
});

test('a text that is no YAML is told with its line', () => {
  expect(problemOf('schemas:\n  - file: [a\n').message).toMatch(/spine\.schemas\.yaml:\d/);
});

test('the committed JSON Schema is the one of the code', () => {
  const committed = new URL('../../../schema/spine.schemas.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(committed, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(schemasFileJsonSchema())),
  );
});

test('the mapping takes the levels and profiles that checks know', () => {
  const words = JSON.stringify(schemasFileJsonSchema());
  expect(words).toContain(JSON.stringify(offlineLevels));
  expect(words).toContain(JSON.stringify(offlineProfiles));
});
