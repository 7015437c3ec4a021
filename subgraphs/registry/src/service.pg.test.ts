import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

const id = { name: 'id', type: 'long' };
const email = { name: 'email', type: ['null', 'string'], default: null };
const required = { name: 'phone', type: 'string' };
const publish = (subject: string, body: object, role?: string) =>
  registry.ask('POST', `/schemas/${encodeURIComponent(subject)}`, body, role);
const read = (path: string) => registry.ask('GET', path);

describe('a life of a subject (R2, R3)', () => {
  test('the first version is published, read back, and known when it comes again', async () => {
    const schema = recordText([id]);
    const first = await publish('life', { schema, schemaType: 'AVRO', metadata: { ticket: 'DS-1' } });
    expect(first).toMatchObject({
      status: 201,
      body: { subject: 'life', version: 1, semver: '1.0.0', bump: 'MAJOR', report: { compatible: true } },
    });
    const again = await publish('life', { schema: ` ${schema}\n` });
    expect(again).toEqual({ status: 200, body: first.body });

    expect((await read('/schemas/life')).body).toMatchObject({
      name: 'life',
      level: 'FULL',
      owner: 'publisher',
      dataset: null,
      latest: {
        version: 1,
        schema,
        schemaType: 'AVRO',
        metadata: { ticket: 'DS-1' },
        publishedBy: 'publisher',
      },
    });
  });

  test('further versions are numbered by what they change', async () => {
    expect((await publish('life', { schema: recordText([id, email]) })).body).toMatchObject({
      version: 2,
      semver: '1.1.0',
      bump: 'MINOR',
    });
    const documented = recordText([id, { ...email, doc: 'where to write to' }]);
    expect((await publish('life', { schema: documented })).body).toMatchObject({
      version: 3,
      semver: '1.1.1',
      bump: 'PATCH',
    });
  });

  test.each([
    ['latest', 3],
    ['2', 2],
    ['1.1.0', 2],
  ])('the version %s is read', async (name, version) => {
    expect(await read(`/schemas/life/versions/${name}`)).toMatchObject({ status: 200, body: { version } });
  });

  test('versions are listed newest first, in pages', async () => {
    const first = await read('/schemas/life/versions?first=2');
    expect(first.body.versions.map((each: { version: number }) => each.version)).toEqual([3, 2]);
    const second = await read(`/schemas/life/versions?first=2&after=${first.body.next}`);
    expect(second.body).toMatchObject({ versions: [{ version: 1 }], next: null });
  });
});

describe('a breach (R4, R5)', () => {
  beforeAll(async () => {
    await publish('breach', { schema: recordText([id]) });
  });

  test('an incompatible version is refused and nothing is stored', async () => {
    const refused = await publish('breach', { schema: recordText([id, required]) });
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'INCOMPATIBLE_SCHEMA',
        required: 'MAJOR',
        requiredVersion: '2.0.0',
        report: {
          compatible: false,
          backward: false,
          forward: true,
          incompatibilities: [
            {
              direction: 'BACKWARD',
              kind: 'READER_FIELD_MISSING_DEFAULT_VALUE',
              path: '/fields/1',
              versions: [1],
            },
          ],
        },
      },
    });
    expect((await read('/schemas/breach/versions')).body.versions).toHaveLength(1);
    const client = new pg.Client({ connectionString: storage.url });
    await client.connect();
    const { rows } = await client.query("select 1 from registry.schema where text like '%phone%'");
    await client.end();
    expect(rows).toEqual([]);
  });

  test('a number that understates the change is refused with the one that would do', async () => {
    const schema = recordText([id, email]);
    expect(await publish('breach', { schema, version: '1.0.1' })).toMatchObject({
      status: 409,
      body: {
        code: 'VERSION_UNDERSTATED',
        required: 'MINOR',
        requiredVersion: '1.1.0',
        report: { bump: 'MINOR' },
      },
    });
    expect((await publish('breach', { schema, version: '1.4.0' })).body).toMatchObject({ semver: '1.4.0' });
  });

  test('the same breach may open a line of its own, and the old line goes on', async () => {
    expect(await publish('breach', { schema: recordText([id, required]), version: '2.0.0' })).toMatchObject({
      status: 201,
      body: { version: 3, semver: '2.0.0', bump: 'MAJOR' },
    });
    const old = recordText([id, email, { name: 'note', type: ['null', 'string'], default: null }]);
    expect((await publish('breach', { schema: old, version: '1.5.0' })).body).toMatchObject({
      version: 4,
      semver: '1.5.0',
    });
    expect((await read('/schemas/breach')).body.latest.semver).toBe('2.0.0');
  });

  test('a check says what publishing would do and stores nothing', async () => {
    const check = (body: object) => registry.ask('POST', '/schemas/breach/check', body, 'viewer');
    expect((await check({ schema: recordText([id]) })).body).toMatchObject({ publishable: true, known: 1 });
    expect((await check({ schema: recordText([id, required, email]) })).body).toMatchObject({
      publishable: true,
      semver: '2.1.0',
      known: null,
    });
    expect((await check({ schema: recordText([email]) })).body).toMatchObject({
      publishable: false,
      refusal: 'INCOMPATIBLE_SCHEMA',
      semver: '3.0.0',
    });
    expect((await read('/schemas/breach/versions')).body.versions).toHaveLength(4);
    expect(
      (await registry.ask('POST', '/schemas/never/check', { schema: recordText([id]) })).body,
    ).toMatchObject({
      publishable: true,
      semver: '1.0.0',
    });
    expect((await read('/schemas/never')).status).toBe(404);
  });
});

describe('levels', () => {
  test('a subject keeps the level of its first version, and a steward may change it', async () => {
    await publish('level', { schema: recordText([id]), level: 'FORWARD' });
    expect(await publish('level', { schema: recordText([id, required]) })).toMatchObject({
      status: 201,
      body: { bump: 'MINOR' },
    });
    const loose = { schema: recordText([required]), level: 'NONE' };
    expect(await publish('level', loose)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await publish('level', loose, 'steward')).toMatchObject({
      status: 201,
      body: { semver: '2.0.0' },
    });
    expect((await read('/schemas/level')).body.level).toBe('NONE');
  });
});

describe('tags (R10)', () => {
  test('labels are kept when left out, and their change is a version', async () => {
    const schema = recordText([id, email]);
    const tags = { email: ['pii', 'gdpr', 'pii'] };
    await publish('tags', { schema, tags });
    expect((await read('/schemas/tags')).body.latest.tags).toEqual({ email: ['gdpr', 'pii'] });
    expect(
      (await publish('tags', { schema: recordText([id, email, { ...email, name: 'copy' }]) })).body.semver,
    ).toBe('1.1.0');
    expect((await read('/schemas/tags')).body.latest.tags).toEqual({ email: ['gdpr', 'pii'] });
    expect((await publish('tags', { schema, tags: { email: ['gdpr'] } })).body).toMatchObject({
      semver: '2.0.0',
      bump: 'MAJOR',
    });
  });

  test('a tag on a field that is not there is refused', async () => {
    const answer = await publish('tags-2', { schema: recordText([id]), tags: { emial: ['pii'] } });
    expect(answer).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID', path: '/tags' } });
  });
});

describe('one content has one id', () => {
  test('under every subject', async () => {
    const schema = recordText([{ name: 'shared', type: 'int' }]);
    const [a, b] = [await publish('one', { schema }), await publish('other', { schema })];
    expect(a.body.id).toBe(b.body.id);
    expect(a.body.id).toBeGreaterThan(0);
  });
});

describe('names', () => {
  test.each([
    'a/b',
    ':.ctx:orders',
    'shop.public.orders',
    'größe',
    'with space',
    'a%2Fb',
    `${'long'.repeat(63)}xyz`,
  ])('a subject may be called %s', async (name) => {
    expect((await publish(name, { schema: recordText([id]) })).status).toBe(201);
    const path = `/schemas/${encodeURIComponent(name)}`;
    expect((await read(path)).body.name).toBe(name);
    expect((await read(`${path}/versions/latest`)).body.subject).toBe(name);
  });

  test.each(['ids', 'types', 'guids', ' x', 'a\u0000b', 'x'.repeat(256)])(
    'a subject may not be called %j',
    async (name) => {
      expect(await publish(name, { schema: recordText([id]) })).toMatchObject({
        status: 422,
        body: { path: '/subject' },
      });
    },
  );

  test('all subjects are listed by name, in pages, each with its latest', async () => {
    const names: string[] = [];
    for (let after = ''; ; ) {
      const { body } = await read(`/schemas?first=3${after}`);
      for (const { name, latest } of body.subjects) {
        names.push(name);
        expect(latest.version).toBeGreaterThan(0);
      }
      if (body.next === null) break;
      after = `&after=${body.next}`;
    }
    expect(names.length).toBeGreaterThan(10);
    expect(names).toEqual(
      [...new Set(names)].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
    );
  });
});

describe('bad input', () => {
  test.each([
    ['no schema', {}, 400, 'INPUT_INVALID'],
    ['an empty schema', { schema: ' ' }, 400, 'INPUT_INVALID'],
    ['an unknown member', { schema: '"int"', requestedVersion: '1.0.0' }, 400, 'INPUT_INVALID'],
    ['no schema at all in the text', { schema: '{' }, 422, 'SCHEMA_INVALID'],
    ['a schema with a fault', { schema: '{"type":"record","name":"R"}' }, 422, 'SCHEMA_INVALID'],
    ['text of another format', { schema: '"int"', schemaType: 'PROTOBUF' }, 422, 'SCHEMA_INVALID'],
    [
      'a field of number 0',
      { schema: 'syntax = "proto3"; message M { int32 a = 0; }', schemaType: 'PROTOBUF' },
      422,
      'SCHEMA_INVALID',
    ],
    ['no format', { schema: '"int"', schemaType: 'XML' }, 400, 'INPUT_INVALID'],
    ['no version', { schema: '"int"', version: '1' }, 400, 'INPUT_INVALID'],
    ['a build', { schema: '"int"', version: '1.0.0+7' }, 400, 'NOT_SUPPORTED'],
    ['no level', { schema: '"int"', level: 'SOME' }, 400, 'INPUT_INVALID'],
    ['a control character in a label', { schema: '"int"', metadata: { a: '\u0000' } }, 400, 'INPUT_INVALID'],
  ])('%s is one clear problem', async (_what, body, status, code) => {
    expect(await publish('bad', body)).toMatchObject({ status, body: { code } });
    expect((await read('/schemas/bad')).body.code).toBe('SUBJECT_NOT_FOUND');
  });

  test.each([
    ['/schemas/life/versions/99', 404, 'VERSION_NOT_FOUND'],
    ['/schemas/life/versions/9.9.9', 404, 'VERSION_NOT_FOUND'],
    ['/schemas/life/versions/newest', 400, 'INPUT_INVALID'],
    ['/schemas/nothing/versions/latest', 404, 'SUBJECT_NOT_FOUND'],
    ['/schemas/nothing/versions', 404, 'SUBJECT_NOT_FOUND'],
    ['/schemas?first=1000', 400, 'INPUT_INVALID'],
    ['/schemas?after=rubbish', 400, 'CURSOR_INVALID'],
  ])('%s is %d %s', async (path, status, code) => {
    expect(await read(path)).toMatchObject({ status, body: { code } });
  });
});

describe('roles', () => {
  test('a viewer reads and does not publish', async () => {
    expect(await publish('life', { schema: '"int"' }, 'viewer')).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN' },
    });
    expect((await registry.ask('GET', '/schemas/life', undefined, 'viewer')).status).toBe(200);
    expect((await registry.ask('GET', '/schemas/life', undefined, 'nobody')).status).toBe(401);
  });

  test('contracts are for our own services', async () => {
    expect((await registry.ask('POST', '/internal/contracts', contract('roles'))).status).toBe(403);
  });
});

const contract = (subject: string, more: object = {}): object => ({
  subject,
  dataset: { namespace: 'postgres://db:5432', name: `shop.${subject}` },
  schema: recordText([id, email, { name: 'first_name', type: 'string', 'spine.name': 'first name' }]),
  owner: 'data-platform',
  route: 'shop-to-warehouse',
  tags: { email: ['pii'], 'first name': ['pii'] },
  dataClass: 'confidential',
  ...more,
});

describe('contracts', () => {
  const bind = (body: object) => registry.askSigned('/internal/contracts', body);

  test('a new shape is published, a known one found, for any number of routes', async () => {
    const bound = await bind(contract('bound'));
    expect(bound).toMatchObject({ status: 200, body: { subject: 'bound', version: 1, semver: '1.0.0' } });
    expect(bound.body.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(await bind(contract('bound', { route: 'shop-to-us' }))).toEqual(bound);
    expect((await read('/schemas/bound')).body).toMatchObject({
      owner: 'data-platform',
      dataset: { namespace: 'postgres://db:5432', name: 'shop.bound' },
      latest: {
        id: bound.body.schemaId,
        dataClass: 'confidential',
        tags: { email: ['pii'], first_name: ['pii'] },
      },
    });
  });

  test('a label that the inventory adds is a version; one that it no longer says stays until a steward takes it away', async () => {
    const bare = contract('retagged', { tags: {} });
    expect((await bind(bare)).body).toMatchObject({ version: 1, semver: '1.0.0', tags: {} });
    const tags = { email: ['pii'], 'first name': ['pii'] };
    expect((await bind(contract('retagged'))).body).toMatchObject({ version: 2, semver: '1.1.0', tags });
    expect((await bind(bare)).body).toMatchObject({ version: 2, tags });
  });

  test('a label that a steward gave is told to the route beside those of the inventory', async () => {
    await bind(contract('labelled'));
    const latest = (await read('/schemas/labelled')).body.latest;
    const tags = { ...latest.tags, id: ['trade-secret'] };
    expect((await publish('labelled', { schema: latest.schema, tags })).status).toBe(201);
    expect((await bind(contract('labelled'))).body).toMatchObject({
      version: 2,
      tags: { id: ['trade-secret'], email: ['pii'], 'first name': ['pii'] },
    });
  });

  test('a shape that returns is the version it was', async () => {
    const narrow = contract('back', { schema: recordText([id, email]), tags: {} });
    const wide = contract('back', { schema: recordText([id, email, { ...email, name: 'note' }]), tags: {} });
    expect((await bind(narrow)).body.version).toBe(1);
    expect((await bind(wide)).body.version).toBe(2);
    expect((await bind(narrow)).body.version).toBe(1);
  });

  test('a label inside a document falls on its column, and one on no column is refused', async () => {
    const inside = contract('inside', { tags: { 'email.domain': ['pii'] } });
    expect((await bind(inside)).status).toBe(200);
    expect((await read('/schemas/inside')).body.latest.tags).toEqual({ email: ['pii'] });
    expect(await bind(contract('inside', { tags: { fax: ['pii'] } }))).toMatchObject({ status: 400 });
  });

  test('a shape that breaks the contract is refused with the report, whatever its labels', async () => {
    await bind(contract('drift'));
    const broken = contract('drift', { schema: recordText([id, email, required]), tags: {} });
    expect(await bind(broken)).toMatchObject({
      status: 409,
      body: { code: 'INCOMPATIBLE_SCHEMA', report: { compatible: false } },
    });
  });
});

test('health is answered to everyone (R9)', async () => {
  for (const path of ['/livez', '/readyz', '/metrics']) {
    expect((await registry.service.app.inject(path)).statusCode).toBe(200);
  }
});
