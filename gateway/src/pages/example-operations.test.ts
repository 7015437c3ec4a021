import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, validate } from 'graphql';
import { afterAll, expect, test } from 'vitest';
import { parseGatewayConfig } from '../config.ts';
import { createGraph } from '../graph/create-graph.ts';
import { readExampleOperations } from './example-operations.ts';

const folder = mkdtempSync(join(tmpdir(), 'spine-examples-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('every committed operation is an example that the committed graph takes, the headline first', () => {
  const { operationsFolder } = parseGatewayConfig({ SPINE_SERVICE_SECRET: 'x'.repeat(32) });
  const { schema } = createGraph(readFileSync(join(operationsFolder, '../supergraph.graphql'), 'utf8'));
  const examples = readExampleOperations(operationsFolder, null);
  expect(examples[0]?.name).toBe('Headline');
  expect(examples.map(({ name }) => name)).toContain('Violations');
  for (const { query } of examples) expect(validate(schema, parse(query)), query).toEqual([]);
});

test('an example carries the comment above it, its fragments, and what it demands', () => {
  writeFileSync(
    join(folder, 'a.graphql'),
    `# Of the file.

query Plain { a }

# One table,
# with all of it.
query Known($namespace: String!, $name: String!, $depth: Int! = 3, $first: Int) { t { ...A } }

mutation Sign($input: SignInput!, $ids: [ID!]!, $times: Int!, $sure: Boolean!) { sign { __typename } }

fragment A on T { ...B }
fragment B on T { b }
fragment C on T { c }
`,
  );
  const [plain, known, sign] = readExampleOperations(folder, { namespace: 'shop', name: 'orders' });
  expect(plain).toEqual({
    name: 'Plain',
    kind: 'query',
    about: '',
    query: 'query Plain { a }\n',
    variables: null,
  });
  expect(known?.about).toBe('One table, with all of it.');
  expect(known?.query).toMatch(/fragment A[\s\S]*fragment B/);
  expect(known?.query).not.toContain('fragment C');
  expect(JSON.parse(known?.variables ?? '')).toEqual({ namespace: 'shop', name: 'orders' });
  expect(JSON.parse(sign?.variables ?? '')).toEqual({ input: {}, ids: [], times: 0, sure: false });
});
