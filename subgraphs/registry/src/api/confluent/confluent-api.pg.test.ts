import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registryTemplate, startRegistry, type TestRegistry } from '../../testing/start-registry.ts';

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

const get = (path: string) => registry.ask('GET', path, undefined, 'steward');
const post = (path: string, body: object = {}, role = 'steward') => registry.ask('POST', path, body, role);
const put = (path: string, body: object, role = 'steward') => registry.ask('PUT', path, body, role);
const remove = (path: string) => registry.ask('DELETE', path, undefined, 'steward');

const avro = (...fields: readonly (string | object)[]): string =>
  JSON.stringify({
    type: 'record',
    name: 'Order',
    namespace: 'shop',
    fields: fields.map((field) => (typeof field === 'string' ? { name: field, type: 'string' } : field)),
  });
const optional = (name: string) => ({ name, type: ['null', 'string'], default: null });
const register = (subject: string, schema: string, more: object = {}) =>
  post(`/subjects/${encodeURIComponent(subject)}/versions`, { schema, ...more });

describe('registering (reference: registry §2.4)', () => {
  test('the same content has one id, whatever the subject, and registering again is idempotent', async () => {
    const first = await register('r1', avro('id'));
    expect(first).toMatchObject({
      status: 200,
      body: { version: 1, id: expect.any(Number), schemaType: 'AVRO' },
    });
    expect((await register('r1', avro('id'))).body).toEqual(first.body);
    expect((await register('r1-other', avro('id'))).body).toMatchObject({ id: first.body.id, version: 1 });
  });

  test('two clients that write a schema in another order of attributes hold the same schema', async () => {
    const { body } = await register(
      'r2',
      '{"type":"record","name":"A","fields":[{"name":"x","type":"int"}]}',
    );
    const again = await register(
      'r2',
      '{ "name": "A", "fields": [ {"type": {"type":"int"}, "name": "x"} ], "type": "record" }',
    );
    expect(again.body).toEqual(body);
  });

  test('an old content that is registered again is answered with its old version, and latest stays', async () => {
    await register('r3', avro('id'));
    await register('r3', avro('id', optional('a')));
    expect((await register('r3', avro('id'))).body.version).toBe(1);
    expect((await get('/subjects/r3/versions/latest')).body.version).toBe(2);
  });

  test('an incompatible schema is refused with 409, the breach, the old version and its text', async () => {
    await register('r4', avro('id'));
    const refused = await register('r4', avro('id', 'name'));
    expect(refused.status).toBe(409);
    expect(refused.body.error_code).toBe(409);
    expect(refused.body.message).toBe(
      'Schema being registered is incompatible with an earlier schema for subject "r4", details: [' +
        `{errorType:"READER_FIELD_MISSING_DEFAULT_VALUE", description:"The field 'name' at path '/fields/1' in the new schema has no default value and is missing in the old schema", additionalInfo:"name"}, ` +
        `{oldSchemaVersion: 1}, {oldSchema: '${avro('id')}'}, {validateFields: 'false', compatibility: 'BACKWARD'}]`,
    );
  });

  test('a number in the body is a compare-and-set, and makes a repeated content a new version', async () => {
    const first = await register('r5', avro('id'));
    await register('r5', avro('id', optional('a')));
    expect(await register('r5', avro('id'), { version: 2 })).toMatchObject({
      status: 422,
      body: { error_code: 42201, message: 'Version is not one more than previous version' },
    });
    const again = await register('r5', avro('id'), { version: 3 });
    expect(again.body).toMatchObject({ version: 3, metadata: { properties: { 'confluent:version': '3' } } });
    expect(again.body.id).not.toBe(first.body.id);
    expect((await register('r5', avro('id'), { version: -1 })).body.version).toBe(4);
  });

  test('metadata and rules that a schema does not give are those of the version before', async () => {
    const metadata = { properties: { owner: 'shop' } };
    await register('r6', avro('id'), { metadata });
    expect((await register('r6', avro('id', optional('a')))).body).toMatchObject({ version: 2, metadata });
    expect((await register('r6', '', { metadata: { properties: { owner: 'sales' } } })).body).toMatchObject({
      version: 3,
      schema: avro('id', optional('a')),
    });
    expect(await register('r6-new', '')).toMatchObject({
      status: 422,
      body: { error_code: 42201, message: 'Empty schema' },
    });
  });

  test('the config gives metadata by default, and insists on some', async () => {
    await put('/config/r7', {
      defaultMetadata: { properties: { a: '1', b: '1' } },
      overrideMetadata: { properties: { c: '3' } },
    });
    const { body } = await register('r7', avro('id'), { metadata: { properties: { b: '2', c: '2' } } });
    expect(body.metadata).toEqual({ properties: { a: '1', b: '2', c: '3' } });
  });

  test('only versions of one compatibility group are compared', async () => {
    await put('/config/r8', { compatibilityGroup: 'major' });
    const of = (major: string) => ({ metadata: { properties: { major } } });
    await register('r8', avro('id'), of('1'));
    expect((await register('r8', avro('id', 'x'), of('1'))).status).toBe(409);
    expect((await register('r8', avro('id', 'x'), of('2'))).status).toBe(200);
    expect((await register('r8', avro('id', 'x', 'y'), of('2'))).status).toBe(409);
    expect((await register('r8', avro('id', 'z'), of('1'))).status).toBe(409);
    expect((await register('r8', avro('id', optional('o')), of('1'))).status).toBe(200);
  });
});

describe('many at once', () => {
  test('who registers the same gets the same, and one of two that break each other is refused', async () => {
    const same = await Promise.all(Array.from({ length: 10 }, () => register('race', avro('id'))));
    expect(new Set(same.map(({ body }) => `${body.id}@${body.version}`)).size).toBe(1);
    const apart = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) => register('race', avro('id', { name, type: 'int', default: 0 }))),
    );
    expect(apart.map(({ body }) => body.version).sort()).toEqual([2, 3, 4, 5]);
    const broken = await Promise.all(['"int"', '"string"'].map((schema) => register('race-break', schema)));
    expect(broken.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('of those who name the same position one gets it, and who wants any next one gets one of his own', async () => {
    await register('cas', avro('id'));
    const named = await Promise.all(
      ['a', 'b', 'c'].map((name) => register('cas', avro('id', optional(name)), { version: 2 })),
    );
    expect(named.map(({ status }) => status).sort()).toEqual([200, 422, 422]);
    const next = await Promise.all(
      ['d', 'e', 'f'].map((name) => register('cas', avro('id', optional(name)), { version: -1 })),
    );
    expect(next.map(({ body }) => body.version).sort()).toEqual([3, 4, 5]);
  });
});

describe('bad input', () => {
  test.each([
    ['text that is no schema', { schema: '{"type":"nope"}' }, 422, 42201],
    ['text that is not JSON', { schema: '{' }, 422, 42201],
    ['a type that there is not', { schema: '{}', schemaType: 'THRIFT' }, 422, 42201],
    [
      'a reference to nothing',
      { schema: '"x.Y"', references: [{ name: 'x.Y', subject: 'no', version: 1 }] },
      422,
      42201,
    ],
    [
      'rules without names',
      { schema: '"int"', ruleSet: { domainRules: [{ kind: 'CONDITION' }] } },
      422,
      42210,
    ],
    ['a type that nests without end', { schema: '{"type":'.repeat(3_000) }, 422, 42201],
    ['a schema that is no text', { schema: { type: 'string' } }, 400, 400],
    ['a schema of more than a megabyte', { schema: `"${'a'.repeat(1024 * 1024)}"` }, 422, 42209],
  ])('%s is refused by its code', async (_name, body, status, code) => {
    expect(await post('/subjects/bad/versions', body)).toMatchObject({ status, body: { error_code: code } });
  });

  test.each([
    ['GET', '/subjects/nobody/versions', 404, 40401, "Subject 'nobody' not found."],
    ['GET', '/subjects/nobody/versions/latest', 404, 40401, "Subject 'nobody' not found."],
    ['GET', '/subjects/nobody/versions/0', 422, 42202, undefined],
    ['GET', '/subjects/nobody/versions/2147483648', 422, 42202, undefined],
    ['GET', '/subjects/nobody/versions/one', 422, 42202, undefined],
    ['GET', '/schemas/ids/999999', 404, 40403, 'Schema 999999 not found'],
    ['GET', '/schemas/ids/one', 404, 404, 'HTTP 404 Not Found'],
    ['GET', '/schemas/guids/no-guid', 404, 40403, 'Schema no-guid not found'],
    [
      'GET',
      '/config/nobody',
      404,
      40408,
      "Subject 'nobody' does not have subject-level compatibility configured",
    ],
    ['GET', '/mode/nobody', 404, 40409, "Subject 'nobody' does not have subject-level mode configured"],
    ['DELETE', '/config/nobody', 404, 40401, undefined],
    ['DELETE', '/subjects/nobody', 404, 40401, undefined],
    ['DELETE', '/mode/nobody', 404, 40401, undefined],
    ['GET', '/dek-registry/v1/keks', 404, 404, 'HTTP 404 Not Found'],
    ['GET', '/exporters', 404, 404, 'HTTP 404 Not Found'],
    ['GET', '/subjects/a/b/c/d', 404, 404, 'HTTP 404 Not Found'],
    ['PUT', '/subjects', 405, 405, 'HTTP 405 Method Not Allowed'],
    ['DELETE', '/schemas/types', 405, 405, 'HTTP 405 Method Not Allowed'],
  ] as const)('%s %s is answered %i with %i', async (method, path, status, code, message) => {
    const answer = await registry.ask(method, path, undefined, 'steward');
    expect(answer).toMatchObject({ status, body: { error_code: code } });
    if (message !== undefined) expect(answer.body.message).toBe(message);
  });

  test('a wrong level and a wrong mode are refused in their words', async () => {
    expect(await put('/config', { compatibility: 'SIDEWAYS' })).toMatchObject({
      status: 422,
      body: { error_code: 42203 },
    });
    expect(await put('/mode', { mode: 'NOPE' })).toMatchObject({ status: 422, body: { error_code: 42204 } });
  });

  const raw = (headers: Record<string, string>, payload: string) =>
    registry.service.app.inject({
      method: 'POST',
      url: '/subjects/raw/versions',
      headers: { authorization: 'Bearer publisher-secret', ...headers },
      payload,
    });

  test('broken JSON, a foreign content type and no body are told apart', async () => {
    expect((await raw({ 'content-type': 'application/json' }, '{')).json()).toMatchObject({
      error_code: 400,
    });
    const xml = await raw({ 'content-type': 'text/xml' }, '<a/>');
    expect([xml.statusCode, xml.json()]).toEqual([
      415,
      { error_code: 415, message: 'HTTP 415 Unsupported Media Type' },
    ]);
    const empty = await raw({ 'content-type': 'application/vnd.schemaregistry.v1+json' }, '');
    expect([empty.statusCode, empty.json().error_code]).toEqual([422, 422]);
  });

  test('bytes without a better name are taken for JSON, and unknown properties are passed over', async () => {
    const body = JSON.stringify({ schema: '"string"', invented: { in: 2030 } });
    expect((await raw({ 'content-type': 'application/octet-stream' }, body)).statusCode).toBe(200);
  });
});

describe('media types', () => {
  test.each([
    [undefined, 'application/vnd.schemaregistry.v1+json'],
    ['*/*', 'application/vnd.schemaregistry.v1+json'],
    ['application/json', 'application/json'],
    ['application/vnd.schemaregistry+json;q=0.9, application/json', 'application/vnd.schemaregistry+json'],
  ])('who accepts %s is answered as %s', async (accept, type) => {
    const answer = await registry.service.app.inject({
      url: '/subjects',
      headers: { authorization: 'Bearer viewer-secret', ...(accept !== undefined && { accept }) },
    });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, type]);
  });

  test('who accepts only HTML is answered 406', async () => {
    const answer = await registry.service.app.inject({
      url: '/subjects',
      headers: { authorization: 'Bearer viewer-secret', accept: 'text/html' },
    });
    expect([answer.statusCode, answer.json()]).toEqual([
      406,
      { error_code: 406, message: 'HTTP 406 Not Acceptable' },
    ]);
  });
});

describe('who may what', () => {
  test('a stranger is told so in their shape, by bearer and by Basic', async () => {
    for (const authorization of [
      undefined,
      'Bearer wrong',
      `Basic ${Buffer.from('viewer:no').toString('base64')}`,
    ]) {
      const answer = await registry.service.app.inject({
        url: '/subjects',
        headers: authorization === undefined ? {} : { authorization },
      });
      expect([answer.statusCode, answer.json().error_code]).toEqual([401, 40101]);
      expect(answer.headers['www-authenticate']).toBeDefined();
    }
    const basic = `Basic ${Buffer.from('viewer:viewer-secret').toString('base64')}`;
    const known = await registry.service.app.inject({ url: '/subjects', headers: { authorization: basic } });
    expect(known.statusCode).toBe(200);
  });

  test('a viewer reads and checks, a publisher registers, a steward sets and deletes', async () => {
    const refused = { status: 403, body: { error_code: 40301 } };
    await register('roles', avro('id'));
    const schema = avro('id');
    expect((await post('/subjects/roles', { schema }, 'viewer')).status).toBe(200);
    expect((await post('/compatibility/subjects/roles/versions/latest', { schema }, 'viewer')).status).toBe(
      200,
    );
    expect(await post('/subjects/roles/versions', { schema }, 'viewer')).toMatchObject(refused);
    expect((await post('/subjects/roles/versions', { schema }, 'publisher')).status).toBe(200);
    expect(await put('/config/roles', { compatibility: 'NONE' }, 'publisher')).toMatchObject(refused);
    expect(await put('/config', { compatibility: 'NONE' }, 'publisher')).toMatchObject(refused);
    expect(await put('/mode/roles', { mode: 'READONLY' }, 'publisher')).toMatchObject(refused);
    expect(await registry.ask('DELETE', '/subjects/roles', undefined, 'publisher')).toMatchObject(refused);
  });
});

describe('reading', () => {
  test('a schema is read by id, by guid, by position and by what uses it', async () => {
    const { body } = await register('read', avro('id', optional('read')));
    const content = { schema: avro('id', optional('read')), schemaType: 'AVRO', guid: body.guid };
    expect((await get(`/schemas/ids/${body.id}`)).body).toEqual(content);
    expect((await get(`/schemas/ids/${body.id}?fetchMaxId=true`)).body.maxId).toBeGreaterThanOrEqual(body.id);
    expect((await get(`/schemas/ids/${body.id}/schema`)).body).toEqual(JSON.parse(content.schema));
    expect((await get(`/schemas/ids/${body.id}/subjects`)).body).toEqual(['read']);
    expect((await get(`/schemas/ids/${body.id}/versions`)).body).toEqual([{ subject: 'read', version: 1 }]);
    expect((await get(`/schemas/guids/${body.guid}`)).body).toEqual(content);
    expect((await get(`/schemas/guids/${body.guid}/ids`)).body).toEqual([{ context: '.', id: body.id }]);
    expect((await get('/subjects/read/versions/1')).body).toEqual({
      subject: 'read',
      version: 1,
      id: body.id,
      ...content,
      ts: expect.any(Number),
      deleted: false,
    });
    expect((await get('/subjects/read/versions/-1/schema')).body).toEqual(JSON.parse(content.schema));
    expect((await get('/schemas/types')).body).toEqual(['JSON', 'PROTOBUF', 'AVRO']);
  });

  test('lists are cut by offset and limit, and a negative limit is none', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) await register(name, avro('id'));
    expect((await get('/subjects?subjectPrefix=page-')).body).toEqual(['page-a', 'page-b', 'page-c']);
    expect((await get('/subjects?subjectPrefix=page-&offset=1&limit=1')).body).toEqual(['page-b']);
    expect((await get('/subjects?subjectPrefix=page-&offset=-5&limit=-1')).body).toHaveLength(3);
  });

  test('GET /schemas is theirs for who asks in their words, and ours for all others', async () => {
    await register('list', avro('id'));
    await register('list', avro('id', optional('b')));
    expect((await get('/schemas?subjectPrefix=list&latestOnly=true')).body).toMatchObject([
      { subject: 'list', version: 2 },
    ]);
    expect((await get('/schemas?subjectPrefix=list')).body).toHaveLength(2);
    expect((await get('/schemas')).body).toHaveProperty('subjects');
    const accept = 'application/vnd.schemaregistry.v1+json';
    const theirs = await registry.service.app.inject({
      url: '/schemas',
      headers: { authorization: 'Bearer viewer-secret', accept },
    });
    expect(Array.isArray(theirs.json())).toBe(true);
  });

  test('a version is found by its metadata', async () => {
    const of = (major: string) => ({ metadata: { properties: { major, app: 'x' } } });
    await register('meta', avro('id'), of('1'));
    await register('meta', avro('id', optional('b')), of('2'));
    expect((await get('/subjects/meta/metadata?key=major&value=1&key=app&value=x')).body.version).toBe(1);
    expect((await get('/subjects/meta/metadata?key=app&value=x')).body.version).toBe(2);
    expect((await get('/subjects/meta/metadata?key=major&value=9')).status).toBe(404);
  });

  test('names with slashes, colons and dots work, encoded', async () => {
    for (const name of ['a/b', 'a:b', 'a.b', 'ä ö', 'x'.repeat(255)]) {
      expect((await register(name, avro('id'))).status).toBe(200);
      expect((await get(`/subjects/${encodeURIComponent(name)}/versions/latest`)).body.subject).toBe(name);
    }
  });
});

describe('lookups and checks', () => {
  test('a lookup finds the version of a schema, and says what is missing', async () => {
    const { body } = await register('look', avro('id'));
    expect((await post('/subjects/look', { schema: ` ${avro('id')} ` })).body).toMatchObject({
      subject: 'look',
      id: body.id,
      version: 1,
    });
    expect(await post('/subjects/look', { schema: avro('other') })).toMatchObject({
      status: 404,
      body: { error_code: 40403, message: 'Schema not found' },
    });
    expect((await post('/subjects/look-no', { schema: avro('id') })).body.error_code).toBe(40401);
  });

  test('a check of what is not there finds nothing to break, but a position must be there', async () => {
    const schema = avro('id');
    const check = (path: string, body: object = { schema }) => post(`/compatibility/subjects/${path}`, body);
    expect((await check('nothing/versions/latest')).body).toEqual({ is_compatible: true });
    expect((await check('nothing/versions')).body).toEqual({ is_compatible: true });
    expect(await check('nothing/versions/7')).toMatchObject({
      status: 404,
      body: { error_code: 40402, message: 'Version 7 not found.' },
    });
    await register('check', avro('id'));
    const bad = { schema: avro('id', 'new') };
    expect((await check('check/versions/1', bad)).body).toEqual({ is_compatible: false });
    expect((await check('check/versions/latest?verbose=true', bad)).body.messages).toHaveLength(4);
    expect((await check('check/versions?verbose=true')).body).toEqual({ is_compatible: true, messages: [] });
    expect((await check('check/versions/latest', { schema: '{' })).body.error_code).toBe(42201);
    expect((await check('check/versions/latest?verbose=true', { schema: '{' })).body).toMatchObject({
      is_compatible: false,
      messages: [expect.stringContaining('Invalid schema')],
    });
  });

  test('a plain level asks the last version only, a transitive one all of them', async () => {
    const check = async (level: string) => {
      await put('/config/levels', { compatibility: level });
      const { body } = await post('/compatibility/subjects/levels/versions', {
        schema: avro('id', { name: 'b', type: 'int' }),
      });
      return body.is_compatible;
    };
    await put('/config/levels', { compatibility: 'NONE' });
    await register('levels', avro('id'));
    await register('levels', avro('id', { name: 'b', type: 'int', default: 0 }));
    expect(await check('BACKWARD')).toBe(true);
    expect(await check('BACKWARD_TRANSITIVE')).toBe(false);
    expect(await check('NONE')).toBe(true);
  });

  test('the strict profile may be asked for, and no other', async () => {
    const decimal = (scale: number) =>
      JSON.stringify({ type: 'bytes', logicalType: 'decimal', precision: 9, scale });
    await register('strict', decimal(2));
    const check = (query: string) =>
      post(`/compatibility/subjects/strict/versions/latest${query}`, { schema: decimal(3) });
    expect((await check('')).body.is_compatible).toBe(true);
    expect((await check('?profile=strict')).body.is_compatible).toBe(false);
    expect((await check('?profile=loose')).status).toBe(422);
  });
});

describe('deleting', () => {
  test('numbers go on after a soft delete and begin again after a hard one', async () => {
    const { body } = await register('del', avro('id'));
    await register('del', avro('id', optional('b')));
    expect(await remove('/subjects/del?permanent=true')).toMatchObject({ body: { error_code: 40405 } });
    expect((await remove('/subjects/del')).body).toEqual([1, 2]);
    expect((await remove('/subjects/del')).body).toEqual({
      error_code: 40404,
      message: "Subject 'del' was soft deleted.Set permanent=true to delete permanently",
    });
    expect((await get('/subjects/del/versions')).body.error_code).toBe(40401);
    expect((await get('/subjects/del/versions?deleted=true')).body).toEqual([1, 2]);
    expect((await get('/subjects?deleted=true&subjectPrefix=del')).body).toContain('del');
    expect((await get('/subjects?deletedOnly=true&subjectPrefix=del')).body).toEqual(['del']);
    expect((await get(`/schemas/ids/${body.id}`)).status).toBe(200);
    expect((await register('del', avro('id'))).body).toMatchObject({ version: 3, id: body.id });
    // The version that held the same content is gone for good.
    expect((await get('/subjects/del/versions?deleted=true')).body).toEqual([2, 3]);
    expect((await get('/subjects/del/versions?deletedAsNegative=true')).body).toEqual([-2, 3]);
    await remove('/subjects/del');
    expect((await remove('/subjects/del?permanent=true')).body).toEqual([2, 3]);
    expect((await register('del', avro('id', optional('c')))).body.version).toBe(1);
  });

  test('an id can be read as long as any version has its content, deleted or not', async () => {
    const { body } = await register('gone', avro('id', optional('gone')));
    const read = async () => (await get(`/schemas/ids/${body.id}`)).status;
    await remove('/subjects/gone');
    expect(await read()).toBe(200);
    await remove('/subjects/gone?permanent=true');
    expect(await read()).toBe(404);
    expect((await register('gone', avro('id', optional('gone')))).body).toMatchObject({
      version: 1,
      id: body.id,
    });
    expect(await read()).toBe(200);
  });

  test('a version is deleted in two steps', async () => {
    await register('delv', avro('id'));
    await register('delv', avro('id', optional('b')));
    const path = '/subjects/delv/versions/1';
    expect((await remove(`${path}?permanent=true`)).body).toEqual({
      error_code: 40407,
      message: "Subject 'delv' Version 1 was not deleted first before being permanently deleted",
    });
    expect((await remove(path)).body).toBe(1);
    expect((await remove(path)).body.error_code).toBe(40406);
    expect((await get(path)).body).toEqual({ error_code: 40402, message: 'Version 1 not found.' });
    expect((await get(`${path}?deleted=true`)).body).toMatchObject({ version: 1, deleted: true });
    expect((await remove(`${path}?permanent=true`)).body).toBe(1);
    expect((await get('/subjects/delv/versions?deleted=true')).body).toEqual([2]);
    expect((await remove('/subjects/delv/versions/latest')).body).toBe(2);
  });

  test('what is used is not deleted, and tells who uses it', async () => {
    await register('used', JSON.stringify({ type: 'record', name: 'Used', namespace: 'u', fields: [] }));
    const references = [{ name: 'u.Used', subject: 'used', version: 1 }];
    const user = await register('user', avro({ name: 'u', type: 'u.Used' }), { references });
    expect(user).toMatchObject({ status: 200, body: { references } });
    expect((await get('/subjects/used/versions/1/referencedby')).body).toEqual([user.body.id]);
    expect(await remove('/subjects/used')).toMatchObject({ status: 422, body: { error_code: 42206 } });
    expect((await get('/subjects/user/versions/1/schema?format=resolved')).body.fields[0].type.name).toBe(
      'Used',
    );
    // The same schema with what it uses written into it is the same schema.
    const inlined = JSON.stringify((await get('/subjects/user/versions/1/schema?format=resolved')).body);
    expect((await register('user', inlined)).body).toMatchObject({ version: 1, id: user.body.id });
    await remove('/subjects/user');
    expect((await get('/subjects/used/versions/1/referencedby')).body).toEqual([]);
    expect((await remove('/subjects/used')).body).toEqual([1]);
    expect((await remove('/subjects/used?permanent=true')).body.error_code).toBe(42206);
  });
});

describe('config', () => {
  test('it is set as compatibility, read as compatibilityLevel, and inherited from context and everything', async () => {
    expect((await get('/config')).body).toEqual({ compatibilityLevel: 'BACKWARD' });
    await register('cfg', avro('id'));
    expect((await get('/config/cfg?defaultToGlobal=true')).body.compatibilityLevel).toBe('BACKWARD');
    expect((await put('/config/cfg', { compatibility: 'full', colour: 'red' })).body).toEqual({
      compatibility: 'FULL',
    });
    expect((await get('/config/cfg')).body).toEqual({ compatibilityLevel: 'FULL' });
    // Our own paths see the same level.
    expect((await get('/schemas/cfg')).body.level).toBe('FULL');
    expect((await remove('/config/cfg')).body).toEqual({ compatibilityLevel: 'FULL' });
    expect((await get('/config/cfg')).body.error_code).toBe(40408);

    await put('/config/:.cfg:', { compatibility: 'FORWARD' });
    expect((await get('/config/:.cfg:x?defaultToGlobal=true')).body.compatibilityLevel).toBe('FORWARD');
    expect((await get('/contexts/cfg/config')).body.compatibilityLevel).toBe('FORWARD');
    await put('/config', { compatibility: 'FULL_TRANSITIVE' });
    expect((await get('/config/cfg?defaultToGlobal=true')).body.compatibilityLevel).toBe('FULL_TRANSITIVE');
    expect((await register('cfg', avro('id', optional('b'), 'c'))).status).toBe(409);
    expect((await remove('/config')).body).toEqual({ compatibilityLevel: 'FULL_TRANSITIVE' });
    expect((await get('/config')).body).toEqual({ compatibilityLevel: 'BACKWARD' });
  });

  test('a publisher may give a subject its first level and say again what holds, and change nothing', async () => {
    const level = (word: string) => put('/config/first', { compatibility: word }, 'publisher');
    expect((await level('NONE')).status).toBe(200);
    await register('first', avro('id'));
    expect((await level('NONE')).status).toBe(200);
    expect((await level('FULL')).body.error_code).toBe(40301);
    expect((await get('/config/first')).body.compatibilityLevel).toBe('NONE');
  });

  test('what was set for a subject before its first version holds for it', async () => {
    await put('/config/early', { compatibility: 'NONE', alias: null });
    await register('early', avro('id'));
    expect((await register('early', avro('x'))).body.version).toBe(2);
  });

  test('an alias leads to another subject', async () => {
    await register('aliased', avro('id'));
    await put('/config/alias', { alias: 'aliased' });
    expect((await get('/subjects/alias/versions/latest')).body.subject).toBe('aliased');
  });

  test('a subject that was first published on our own path shows its own level there', async () => {
    await registry.ask('POST', '/schemas/own', { schema: avro('id') });
    expect((await get('/config/own')).body).toEqual({ compatibilityLevel: 'FULL' });
    expect((await register('own', avro('id', 'b'))).status).toBe(409);
  });
});

describe('modes', () => {
  test('where one may only read nothing is registered, deleted or configured', async () => {
    await register('ro', avro('id'));
    expect((await put('/mode/ro', { mode: 'READONLY' })).body).toEqual({ mode: 'READONLY' });
    const refused = {
      status: 422,
      body: { error_code: 42205, message: 'Subject ro in context . is in read-only mode' },
    };
    expect(await register('ro', avro('id', optional('x')))).toMatchObject(refused);
    expect(await remove('/subjects/ro')).toMatchObject(refused);
    expect(await put('/config/ro', { compatibility: 'NONE' })).toMatchObject(refused);
    expect((await get('/mode/ro')).body).toEqual({ mode: 'READONLY' });
    expect((await remove('/mode/ro')).body).toEqual({ mode: 'READONLY' });
    expect((await register('ro', avro('id', optional('x')))).status).toBe(200);
    expect((await get('/mode')).body).toEqual({ mode: 'READWRITE' });
    expect((await get('/mode/ro?defaultToGlobal=true')).body).toEqual({ mode: 'READWRITE' });
  });

  test('an import brings ids and positions of its own, unchecked', async () => {
    expect(await register('imp', avro('id'), { id: 70_001, version: 5 })).toMatchObject({
      status: 422,
      body: { error_code: 42205, message: 'Subject imp in context . is not in import mode' },
    });
    await put('/mode/imp', { mode: 'IMPORT' });
    expect((await register('imp', avro('imported'), { id: 70_001, version: 5 })).body).toMatchObject({
      id: 70_001,
      version: 5,
    });
    expect((await register('imp', avro('imported', 'more'), { id: 70_002, version: 6 })).body.version).toBe(
      6,
    );
    expect(await register('imp', avro('x', 'y'), { id: 70_001, version: 7 })).toMatchObject({
      status: 422,
      body: { error_code: 42205, message: 'Overwrite new schema with id 70001 is not permitted.' },
    });
    expect(await register('imp', avro('imported'), { id: 70_009, version: 5 })).toMatchObject({
      status: 422,
      body: { error_code: 42207 },
    });
    expect((await register('imp', avro('plain'))).body.error_code).toBe(42205);
    expect(await put('/mode/ro', { mode: 'IMPORT' })).toMatchObject({
      body: { error_code: 42205, message: 'Cannot import since found existing subjects' },
    });
    expect((await put('/mode/ro?force=true', { mode: 'IMPORT' })).body).toEqual({ mode: 'IMPORT' });
    await remove('/mode/ro');
  });
});

describe('contexts', () => {
  test('subjects of a context are apart, by qualified name and by path alike', async () => {
    await register(':.lab:ctx', avro('id'));
    expect((await get('/contexts')).body).toEqual(expect.arrayContaining(['.', '.lab']));
    expect((await get('/subjects/ctx/versions')).body.error_code).toBe(40401);
    expect((await get('/contexts/lab/subjects/ctx/versions/latest')).body).toMatchObject({
      subject: ':.lab:ctx',
      version: 1,
    });
    expect((await get('/contexts/.lab/subjects')).body).toEqual([':.lab:ctx']);
    expect((await get('/subjects?subjectPrefix=:.lab:')).body).toEqual([':.lab:ctx']);
    expect((await get('/subjects')).body).toContain(':.lab:ctx');
    expect((await get('/subjects?subjectPrefix=')).body).not.toContain(':.lab:ctx');
    expect((await get('/contexts/lab/schemas')).body).toMatchObject([{ subject: ':.lab:ctx', version: 1 }]);
    expect((await get('/subjects/:.:ctx/versions')).body.error_code).toBe(40401);
  });

  test('a context with a subject is not deleted, an empty one is', async () => {
    await register(':.gone:a', avro('id'));
    expect((await remove('/contexts/.gone')).body.error_code).toBe(42211);
    await remove('/subjects/:.gone:a');
    await remove('/subjects/:.gone:a?permanent=true');
    expect((await remove('/contexts/.gone')).status).toBe(204);
  });
});

test('the server tells what it is', async () => {
  expect((await get('/')).body).toEqual({});
  expect((await post('/')).body).toEqual({});
  expect((await get('/v1/metadata/version')).body.version).toMatch(/^8\.1\./);
  expect((await get('/v1/metadata/id')).body).toHaveProperty('scope.clusters');
  expect((await get('/v1/metadata/deployment')).status).toBe(200);
});

test('tags are written into an Avro schema as a new version, and read back', async () => {
  await register('tags', avro('id', optional('email')));
  const tagsToAdd = [
    { schemaEntity: { entityPath: 'shop.Order.email', entityType: 'sr_field' }, tags: ['PII'] },
  ];
  const tagged = await post('/subjects/tags/versions/latest/tags', { newVersion: 2, tagsToAdd });
  expect(tagged.body).toMatchObject({ version: 2 });
  expect(JSON.parse(tagged.body.schema).fields[1]['confluent:tags']).toEqual(['PII']);
  expect((await get('/subjects/tags/versions/2?findTags=true')).body.schemaTags).toEqual(tagsToAdd);
});
