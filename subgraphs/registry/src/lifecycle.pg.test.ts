import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { optional, required } from './testing/publish-builder.ts';
import { recordText, registryTemplate, startRegistry, type TestRegistry } from './testing/start-registry.ts';

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

const path = (subject: string, rest = '') => `/schemas/${encodeURIComponent(subject)}${rest}`;
const publish = (subject: string, body: object, role?: string) =>
  registry.ask('POST', path(subject), body, role);
const publishFields = (subject: string, fields: readonly object[], more: object = {}) =>
  publish(subject, { schema: recordText(fields), ...more });
const read = (of: string) => registry.ask('GET', of, undefined, 'viewer');
const steward = (method: 'POST' | 'PUT' | 'DELETE', of: string, body?: object) =>
  registry.ask(method, of, body, 'steward');

describe('the life of a subject, step by step (R3)', () => {
  test('published, evolved, broken on a line of its own, rolled back, deprecated, retired', async () => {
    const life = 'a/life:of.orders';
    expect((await publishFields(life, [optional('a')])).body.semver).toBe('1.0.0');
    expect((await publishFields(life, [optional('a'), optional('b')])).body.semver).toBe('1.1.0');
    expect((await publishFields(life, [{ name: 'a', type: 'int' }])).status).toBe(409);
    expect((await publishFields(life, [{ name: 'a', type: 'int' }], { version: '2.0.0' })).status).toBe(201);

    const refused = await steward('POST', path(life, '/rollback'), { to: '1.1.0' });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'INCOMPATIBLE_SCHEMA', report: { compatible: false } },
    });
    const forced = { to: '1.1.0', reason: 'a was text', force: true, approver: 'stella' };
    expect(await steward('POST', path(life, '/rollback'), forced)).toMatchObject({
      status: 200,
      body: {
        latest: { semver: '1.1.0' },
        rolledBack: [
          { semver: '2.0.0', rolledBack: { by: 'steward', approver: 'stella', reason: 'a was text' } },
        ],
      },
    });
    expect((await read(path(life))).body.latest.semver).toBe('1.1.0');
    expect((await read(path(life, '/versions'))).body.versions).toHaveLength(2);
    expect((await read(path(life, '/versions?deleted=true'))).body.versions).toHaveLength(3);
    expect((await read(path(life, '/versions/2.0.0'))).status).toBe(404);
    expect((await read(path(life, '/versions/2.0.0?deleted=true'))).body.schema).toContain('"int"');

    const sunset = { sunset: '2031-01-01', note: 'use 1.1.0' };
    const deprecated = await registry.ask('PUT', path(life, '/versions/1/deprecation'), sunset);
    expect(deprecated.body.deprecation).toMatchObject({
      sunset: '2031-01-01T00:00:00.000Z',
      note: 'use 1.1.0',
    });
    expect(await registry.ask('DELETE', path(life, '/versions/1/deprecation'))).toMatchObject({
      status: 200,
      body: { deprecation: null },
    });

    expect((await steward('DELETE', path(life, '/versions/1.0.0'))).body).toEqual({
      subject: life,
      permanent: false,
      versions: [{ version: 1, semver: '1.0.0' }],
    });
    expect((await steward('DELETE', path(life, '/versions/1.0.0'))).status).toBe(409);
    expect((await steward('DELETE', path(life, '?permanent=true'))).status).toBe(409);
    expect((await steward('DELETE', path(life))).status).toBe(200);
    expect((await read(path(life))).status).toBe(404);
    expect((await read('/schemas?first=100')).body.subjects).not.toContainEqual(
      expect.objectContaining({ name: life }),
    );
    expect((await read(path(life, '?deleted=true'))).body).toMatchObject({ name: life, latest: null });
    expect((await steward('DELETE', path(life, '?permanent=true'))).body.versions).toHaveLength(3);
    expect((await steward('DELETE', path(life, '?permanent=true'))).status).toBe(404);
  });

  test('a publisher neither rolls back nor deletes, a viewer does not deprecate', async () => {
    await publishFields('roles', [optional('a')]);
    for (const [method, rest, body] of [
      ['POST', '/rollback', { to: 1 }],
      ['DELETE', '', undefined],
      ['DELETE', '/versions/1', undefined],
      ['PUT', '/settings', { level: 'NONE' }],
    ] as const) {
      expect((await registry.ask(method, path('roles', rest), body)).status, rest).toBe(403);
    }
    for (const [method, rest, body] of [
      ['PUT', '/versions/1/deprecation', {}],
      ['PUT', '/consumers/me', { version: 1 }],
    ] as const) {
      expect((await registry.ask(method, path('roles', rest), body, 'viewer')).status, rest).toBe(403);
    }
  });
});

describe('who uses a subject (R7)', () => {
  test('is registered, listed, and named by a publish that would break it', async () => {
    await publishFields('used', [optional('a')]);
    const put = (who: string, body: object) => registry.ask('PUT', path('used', `/${who}`), body);
    expect(
      await put('consumers/billing', { version: '1.0.0', contact: 'billing@example.com' }),
    ).toMatchObject({
      status: 200,
      body: { role: 'CONSUMER', name: 'billing', version: 1, registeredBy: 'publisher' },
    });
    expect((await put('producers/shop', { version: 'latest' })).body.role).toBe('PRODUCER');
    expect((await put('consumers/other', { version: 9 })).status).toBe(404);
    expect((await read(path('used', '/consumers'))).body.consumers).toHaveLength(1);
    expect((await read(path('used', '/producers'))).body.producers).toMatchObject([{ name: 'shop' }]);

    const broken = await publishFields('used', [{ name: 'a', type: 'int' }]);
    expect(broken.body).toMatchObject({
      required: 'MAJOR',
      requiredVersion: '2.0.0',
      detail: expect.stringContaining('consumer billing'),
      report: {
        affected: [
          { role: 'CONSUMER', name: 'billing', version: 1, contact: 'billing@example.com' },
          { role: 'PRODUCER', name: 'shop' },
        ],
      },
    });
  });

  test('decides whether a version is deployed, and a line of its own does not hide who breaks', async () => {
    const deployment = async (version: string) =>
      (await read(path('used', `/versions/${version}/deployment`))).body;
    expect(await deployment('1.0.0')).toMatchObject({
      deployed: true,
      members: [{ validated: true }, { validated: true }],
    });
    const opened = await publishFields('used', [{ name: 'a', type: 'int' }], { version: '2.0.0' });
    expect(opened.body.report.affected).toHaveLength(2);
    expect(await deployment('2.0.0')).toMatchObject({
      deployed: false,
      members: [
        { name: 'billing', validated: false, why: expect.stringContaining('(') },
        { name: 'shop', validated: false },
      ],
    });
    for (const who of ['consumers/billing', 'producers/shop']) {
      await registry.ask('PUT', path('used', `/${who}`), { version: '2.0.0' });
    }
    expect(await deployment('2.0.0')).toMatchObject({ deployed: true });
    expect(await deployment('1.0.0')).toMatchObject({ deployed: false });
  });

  test('nobody registered is nobody validated', async () => {
    expect((await registry.ask('DELETE', path('used', '/consumers/billing'))).status).toBe(204);
    expect((await registry.ask('DELETE', path('used', '/consumers/billing'))).status).toBe(404);
    await registry.ask('DELETE', path('used', '/producers/shop'));
    expect((await read(path('used', '/versions/2.0.0/deployment'))).body).toMatchObject({
      deployed: false,
      members: [],
    });
  });
});

describe('settings', () => {
  test('are read, changed in part, and followed by the next publish', async () => {
    await publishFields('set', [optional('a')]);
    expect((await read(path('set', '/settings'))).body).toMatchObject({
      level: 'FULL',
      inherited: true,
      profile: 'strict',
      axes: ['WIRE', 'JSON'],
      policy: 'STRICT',
      lint: {},
      owner: 'publisher',
      registeredVia: 'spine',
    });
    const changed = await steward('PUT', path('set', '/settings'), {
      level: 'FORWARD',
      owner: 'data-platform',
    });
    expect(changed.body).toMatchObject({ level: 'FORWARD', inherited: false, owner: 'data-platform' });
    expect((await publishFields('set', [optional('a'), required('b')])).status).toBe(201);
    expect((await steward('PUT', path('set', '/settings'), { level: null })).body).toMatchObject({
      level: 'FULL',
      inherited: true,
      owner: 'data-platform',
    });
    expect((await publishFields('set', [optional('a'), required('b'), required('c')])).status).toBe(409);
  });

  test('may come before the first version', async () => {
    await steward('PUT', path('before', '/settings'), { level: 'NONE' });
    expect((await read(path('before'))).status).toBe(404);
    await publishFields('before', [optional('a')]);
    expect((await publishFields('before', [{ name: 'a', type: 'int' }])).body).toMatchObject({
      semver: '2.0.0',
    });
  });

  test.each([
    [{ levle: 'FULL' }, '/levle', 'did you mean level?'],
    [{ level: 'SOME' }, '/level', undefined],
    [{ lint: { 'no-such-rule': 'off' } }, '/lint/no-such-rule', undefined],
    [{ axes: [] }, '/axes', undefined],
  ])('%j is one clear problem', async (body, at, fix) => {
    const answer = await steward('PUT', path('set', '/settings'), body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID', path: at } });
    if (fix !== undefined) expect(answer.body.fix).toBe(fix);
  });
});

describe('profiles', () => {
  const amount = (scale: number) => ({
    name: 'amount',
    type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale },
    default: '',
  });

  test('a subject is strict about logical types, unless a check asks for the other one', async () => {
    await publishFields('decimal', [amount(2)]);
    const check = (query: string) =>
      registry.ask('POST', path('decimal', `/check${query}`), { schema: recordText([amount(4)]) });
    expect((await check('')).body).toMatchObject({ publishable: false, report: { profile: 'strict' } });
    expect((await check('?profile=confluent')).body).toMatchObject({
      publishable: true,
      report: { profile: 'confluent' },
    });
    expect((await check('?profil=confluent')).body).toMatchObject({
      code: 'INPUT_INVALID',
      fix: 'did you mean profile?',
    });
  });

  test('the profile that a subject begins with is its own from then on', async () => {
    await publishFields('loose', [amount(2)], { profile: 'confluent' });
    expect((await publishFields('loose', [amount(4)])).status).toBe(201);
    expect((await publishFields('loose', [amount(5)], { profile: 'strict' })).status).toBe(403);
  });
});

describe('changelog (R8)', () => {
  test('tells what each version changed, whatever became of it', async () => {
    await publishFields('log', [optional('a')], { tags: { a: ['pii'] } });
    await publishFields('log', [optional('a'), optional('b')]);
    await steward('POST', path('log', '/rollback'), { to: 1 });
    const { body } = await read(path('log', '/changelog'));
    expect(body).toMatchObject({
      subject: 'log',
      next: null,
      entries: [
        {
          semver: '1.1.0',
          rolledBack: { by: 'steward' },
          changes: [{ kind: 'ADDED', part: 'FIELD', name: expect.stringContaining('b') }],
        },
        { semver: '1.0.0', changes: null },
      ],
    });
    const page = await read(path('log', '/changelog?first=1'));
    expect(page.body.entries).toHaveLength(1);
    expect((await read(path('log', `/changelog?after=${page.body.next}`))).body.entries).toMatchObject([
      { semver: '1.0.0' },
    ]);
  });

  test('is Markdown for a release ticket, by a word in the query or by Accept', async () => {
    const asked = await read(path('log', '/changelog?format=markdown'));
    expect(asked.body).toContain('# Changelog of log');
    expect(asked.body).toContain('**Rolled back**');
    const accepted = await registry.service.app.inject({
      url: path('log', '/changelog'),
      headers: { authorization: 'Bearer viewer-secret', accept: 'text/markdown' },
    });
    expect(accepted.headers['content-type']).toBe('text/markdown; charset=utf-8');
    expect(accepted.body).toBe(asked.body);
    expect((await read(path('log', '/changelog?format=html'))).status).toBe(400);
  });

  test('a line of its own is told against the one before it', async () => {
    await publishFields('lines', [optional('a')]);
    await publishFields('lines', [{ name: 'a', type: 'int' }], { version: '2.0.0' });
    const [entry] = (await read(path('lines', '/changelog'))).body.entries;
    expect(entry.changes).toContainEqual(
      expect.objectContaining({ kind: 'TYPE_CHANGED', breaks: ['BACKWARD', 'FORWARD'] }),
    );
  });

  test('any two versions are told apart, in either direction', async () => {
    const there = await read(path('lines', '/diff?from=1.0.0&to=2.0.0'));
    expect(there.body).toMatchObject({ from: { version: 1 }, to: { version: 2 } });
    expect(there.body.changes).toContainEqual(expect.objectContaining({ kind: 'TYPE_CHANGED' }));
    expect((await read(path('lines', '/diff?from=1'))).body.changes).toEqual(there.body.changes);
    expect((await read(path('lines', '/diff?from=2&to=1'))).body.changes).toContainEqual(
      expect.objectContaining({ kind: 'TYPE_CHANGED' }),
    );
    expect((await read(path('lines', '/diff?from=1&to=1'))).body.changes).toEqual([]);
    expect((await read(path('lines', '/diff'))).body).toMatchObject({ code: 'INPUT_INVALID', path: '/from' });
    expect((await read(path('lines', '/diff?from=9'))).status).toBe(404);
  });
});

describe('what is kept with a version (R10)', () => {
  test('class, retention and owner are stored, inherited, and their change is a version', async () => {
    const schema = recordText([optional('a')]);
    await publish('kept', { schema, dataClass: 'confidential', retention: 'P90D', owner: 'crm' });
    expect((await read(path('kept'))).body).toMatchObject({
      owner: 'crm',
      latest: { dataClass: 'confidential', retention: 'P90D', guid: expect.stringMatching(/-8.{3}-8/) },
    });
    expect((await publish('kept', { schema })).status).toBe(200);
    expect((await publish('kept', { schema, retention: 'P30D' })).body).toMatchObject({ semver: '1.1.0' });
    expect((await publish('kept', { schema, retention: 'P1Y' })).body).toMatchObject({ semver: '2.0.0' });
    expect(await publish('kept', { schema, retention: '3 months' })).toMatchObject({
      status: 400,
      body: { path: '/retention' },
    });
  });
});

describe('bad input', () => {
  test('a key that is not known is named with the nearest one', async () => {
    const answer = await publish('typo', { schema: '"int"', shcemaType: 'AVRO' });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'INPUT_INVALID', path: '/shcemaType', fix: 'did you mean schemaType?' },
    });
  });

  test.each(['ids', 'types', 'guids'])('the name %s leads to the path of Kafka clients', async (name) => {
    expect(await publish(name, { schema: '"int"' })).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining(`/schemas/${name}`) },
    });
  });

  test('a body that is too large is 413, one of another type 415, one that is no JSON 400', async () => {
    expect(await publish('large', { schema: 'x'.repeat(1_100_000) })).toMatchObject({
      status: 413,
      body: { code: 'PAYLOAD_TOO_LARGE' },
    });
    for (const [type, status] of [
      ['text/plain', 415],
      ['application/json', 400],
    ] as const) {
      const answer = await registry.service.app.inject({
        method: 'POST',
        url: '/schemas/odd',
        headers: { authorization: 'Bearer publisher-secret', 'content-type': type },
        payload: '{"schema"',
      });
      expect(answer.statusCode).toBe(status);
      expect(answer.json()).toMatchObject({ code: expect.any(String) });
    }
  });
});
