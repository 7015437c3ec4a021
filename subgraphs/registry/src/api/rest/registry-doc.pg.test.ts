import { readFileSync } from 'node:fs';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registryTemplate, startRegistry, type TestRegistry } from '../../testing/start-registry.ts';

// docs/registry.md is read top to bottom, and each of its examples sent: what it says is what is answered (R18).
const page = readFileSync(new URL('../../../../../docs/registry.md', import.meta.url), 'utf8');

const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const;

let storage: TestDatabase;
let registry: TestRegistry;
beforeAll(async () => {
  storage = await createTestDatabase({ template: registryTemplate });
  registry = await startRegistry(storage.url);
});
afterAll(async () => {
  await registry.close();
  await storage.drop();
});

const examples = [...page.matchAll(/```http\n([\s\S]*?)```/g)].map(([, block = '']) => readExample(block));

test('the page has examples', () => expect(examples.length).toBeGreaterThan(8));

test.each(examples)(
  '$method $path answers as the page says',
  async ({ method, path, body, status, answer }) => {
    expect(await registry.ask(method, path, body, 'steward')).toMatchObject({ status, body: answer });
  },
);

/** A request with its body, an empty line, the status and a part of the answer. */
function readExample(block: string) {
  const [asked = '', answered = ''] = block.trim().split('\n\n');
  const [, method, path = '', body = ''] = /^(GET|POST|PUT|DELETE) (\S+)\n?([\s\S]*)$/.exec(asked) ?? [];
  const [, status, answer = ''] = /^(\d{3})\n([\s\S]*)$/.exec(answered) ?? [];
  return {
    method: methods.find((each) => each === method) ?? 'GET',
    path,
    body: body === '' ? undefined : JSON.parse(body),
    status: Number(status),
    answer: JSON.parse(answer),
  };
}
