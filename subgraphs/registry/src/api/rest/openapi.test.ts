import { readFileSync } from 'node:fs';
import { createDatabase } from '@spine/platform/postgres/create-database';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { incompatibilityKinds } from '../../domain/incompatibility.ts';
import { createReadyAnswers } from '../../read/ready-answers.ts';
import type { RegistryTables } from '../../store/registry-tables.ts';
import { createSchemaCache } from '../../usecases/schema-cache.ts';
import { addOwnRoutes } from './own-routes.ts';

const text = readFileSync(new URL('../../../../../schema/openapi/registry.yaml', import.meta.url), 'utf8');

test('the OpenAPI document describes every route and no other', async () => {
  expect(documented()).toEqual(await served());
});

test('the OpenAPI document knows every kind of incompatibility', () => {
  for (const kind of incompatibilityKinds) expect(text).toContain(`- ${kind}\n`);
});

/** The operations of the document, read by its indentation: a path stands at two spaces, a method at four. */
function documented(): readonly string[] {
  const operations: string[] = [];
  let path = '';
  for (const line of text.split('\n')) {
    path = /^ {2}(\/\S*):$/.exec(line)?.[1] ?? path;
    const method = /^ {4}(get|post|put|delete):$/.exec(line)?.[1];
    if (method !== undefined) operations.push(`${method.toUpperCase()} ${path}`);
  }
  return operations.sort();
}

async function served(): Promise<readonly string[]> {
  const operations: string[] = [];
  const app = Fastify({ exposeHeadRoutes: false });
  app.addHook('onRoute', ({ method, url }) => {
    operations.push(`${String(method)} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
  });
  // Nothing connects before a route is asked.
  const database = createDatabase<RegistryTables>({
    url: 'postgres://nowhere',
    schema: 'registry',
    log: { warn() {} },
  });
  const deps = { database, schemas: createSchemaCache() };
  addOwnRoutes(app, deps, createReadyAnswers());
  await app.close();
  await database.close();
  return operations.sort();
}
