import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { optional } from './testing/publish-builder.ts';
import { recordText, registryTemplate, startRegistry, type TestRegistry } from './testing/start-registry.ts';

let storage: TestDatabase;
let governance: FastifyInstance;
let registry: TestRegistry;
beforeAll(async () => {
  storage = await createTestDatabase({ template: registryTemplate });
  governance = Fastify();
  governance.get('/internal/bundle', async (_request, reply) => {
    reply.header('etag', '"1-a"');
    return { version: 1, digest: 'a', issuedAt: '', maxAgeMs: 30_000, document };
  });
  const governanceUrl = await governance.listen({ port: 0, host: '127.0.0.1' });
  registry = await startRegistry(storage.url, { governanceUrl });
});
afterAll(async () => {
  await registry.close();
  await governance.close();
  await storage.drop();
});

const document = {
  regions: [],
  sources: [],
  sinks: [],
  classification: [
    { dataset: 'shop.public.customers', class: 'confidential', fields: { email: ['pii'] } },
    { dataset: 'shop.public.visits', class: 'internal', retention: 'P90D' },
  ],
  residency: { rules: [], exceptions: [] },
};
const publish = (subject: string, body: object) => registry.ask('POST', `/schemas/${subject}`, body);

describe('what the inventory demands (R10)', () => {
  const schema = recordText([optional('email')]);

  test('a publish that lacks it fails and says all that is missing, and stores nothing', async () => {
    const refused = await publish('shop.public.customers', { schema });
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: 'INVENTORY_DEMANDS',
        missing: [
          { what: 'TAG', fieldPath: 'email', demanded: 'pii' },
          { what: 'DATA_CLASS', demanded: 'confidential' },
        ],
      },
    });
    expect((await registry.ask('GET', '/schemas/shop.public.customers')).status).toBe(404);
    const check = await registry.ask('POST', '/schemas/shop.public.customers/check', { schema });
    expect(check.body).toMatchObject({ publishable: false, refusal: 'INVENTORY_DEMANDS', missing: [{}, {}] });
  });

  test('a retention that is missing, or longer than the inventory allows, fails; a shorter one is taken', async () => {
    const visit = (retention?: string) =>
      publish('shop.public.visits', { schema, dataClass: 'internal', ...(retention && { retention }) });
    for (const refused of [undefined, 'P1Y']) {
      expect(await visit(refused)).toMatchObject({
        status: 422,
        body: { code: 'INVENTORY_DEMANDS', missing: [{ what: 'RETENTION', demanded: 'P90D' }] },
      });
    }
    expect((await visit('P30D')).status).toBe(201);
  });

  test('a publish that says it is taken, and so is one of what the inventory does not know', async () => {
    const labels = { tags: { email: ['pii'] }, dataClass: 'restricted' };
    expect((await publish('shop.public.customers', { schema, ...labels })).status).toBe(201);
    expect((await publish('elsewhere', { schema })).status).toBe(201);
    // What was said once is said of the next version, too.
    const wider = recordText([optional('email'), optional('note')]);
    expect((await publish('shop.public.customers', { schema: wider })).status).toBe(201);
  });
});

test('while nobody can say what is demanded, a publish is refused at once, and a read is not', async () => {
  const closed = Fastify();
  const governanceUrl = await closed.listen({ port: 0, host: '127.0.0.1' });
  await closed.close();
  const alone = await startRegistry(storage.url, { governanceUrl });
  try {
    const schema = recordText([optional('a')]);
    expect(await alone.ask('POST', '/schemas/alone', { schema })).toMatchObject({
      status: 503,
      body: { code: 'SERVICE_UNAVAILABLE' },
    });
    expect((await alone.ask('GET', '/schemas')).status).toBe(200);
  } finally {
    await alone.close();
  }
});

describe('lint before publish (R6)', () => {
  const badDefault = recordText([{ name: 'state', type: { type: 'enum', name: 'State', symbols: ['on'] } }]);

  test('an error blocks the publish with all findings, a warning does not', async () => {
    const linted = await registry.ask('POST', '/schemas/linted/lint', { schema: badDefault }, 'viewer');
    const [finding] = linted.body.findings;
    expect(finding).toMatchObject({ rule: expect.any(String), severity: 'warning' });

    const severities = { lint: { [finding.rule]: 'error' } };
    await registry.ask('PUT', '/schemas/linted/settings', severities, 'steward');
    const refused = await publish('linted', { schema: badDefault });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'LINT_REJECTED', path: finding.path, findings: expect.any(Array) },
    });
    expect(refused.body.findings[0]).toMatchObject({ rule: finding.rule, severity: 'error' });
    expect((await registry.ask('GET', '/schemas/linted')).status).toBe(404);
    expect((await registry.ask('POST', '/schemas/linted/lint', { schema: badDefault })).body).toMatchObject({
      clean: false,
    });

    const off = { lint: { [finding.rule]: 'off' } };
    await registry.ask('PUT', '/schemas/linted/settings', off, 'steward');
    expect((await publish('linted', { schema: badDefault })).status).toBe(201);
  });

  test('the contract of a route is not linted: its table is what it is', async () => {
    const severities = { lint: { AVRO_ENUM_DEFAULT: 'error' } };
    const set = await registry.ask('PUT', '/schemas/shop.public.t/settings', severities, 'steward');
    expect(set.status).toBe(200);
    const bound = await registry.askSigned('/internal/contracts', {
      subject: 'shop.public.t',
      dataset: { namespace: 'postgres://db:5432', name: 'shop.public.t' },
      schema: badDefault,
      owner: 'crm',
      route: 'r',
      tags: {},
      dataClass: 'internal',
    });
    expect(bound.status).toBe(200);
  });
});
