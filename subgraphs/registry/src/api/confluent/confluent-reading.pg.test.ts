import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ConfluentCaller,
  optional,
  orderText,
  startConfluentCaller,
} from './testing/confluent-caller.ts';

let caller: ConfluentCaller;
beforeAll(async () => {
  caller = await startConfluentCaller();
});
afterAll(() => caller.close());

describe('reading', () => {
  test('a schema is read by id, by guid, by position and by what uses it', async () => {
    const { body } = await caller.register('read', orderText('id', optional('read')));
    const content = { schema: orderText('id', optional('read')), schemaType: 'AVRO', guid: body.guid };
    expect((await caller.get(`/schemas/ids/${body.id}`)).body).toEqual(content);
    expect((await caller.get(`/schemas/ids/${body.id}?fetchMaxId=true`)).body.maxId).toBeGreaterThanOrEqual(
      body.id,
    );
    expect((await caller.get(`/schemas/ids/${body.id}/schema`)).body).toEqual(JSON.parse(content.schema));
    expect((await caller.get(`/schemas/ids/${body.id}/subjects`)).body).toEqual(['read']);
    expect((await caller.get(`/schemas/ids/${body.id}/versions`)).body).toEqual([
      { subject: 'read', version: 1 },
    ]);
    expect((await caller.get(`/schemas/guids/${body.guid}`)).body).toEqual(content);
    expect((await caller.get(`/schemas/guids/${body.guid}/ids`)).body).toEqual([
      { context: '.', id: body.id },
    ]);
    expect((await caller.get('/subjects/read/versions/1')).body).toEqual({
      subject: 'read',
      version: 1,
      id: body.id,
      ...content,
      ts: expect.any(Number),
      deleted: false,
    });
    expect((await caller.get('/subjects/read/versions/-1/schema')).body).toEqual(JSON.parse(content.schema));
    expect((await caller.get('/schemas/types')).body).toEqual(['JSON', 'PROTOBUF', 'AVRO']);
  });

  test('lists are cut by offset and limit, and a negative limit is none', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) await caller.register(name, orderText('id'));
    expect((await caller.get('/subjects?subjectPrefix=page-')).body).toEqual(['page-a', 'page-b', 'page-c']);
    expect((await caller.get('/subjects?subjectPrefix=page-&offset=1&limit=1')).body).toEqual(['page-b']);
    expect((await caller.get('/subjects?subjectPrefix=page-&offset=-5&limit=-1')).body).toHaveLength(3);
  });

  test('GET /schemas is theirs for who asks in their words, and ours for all others', async () => {
    await caller.register('list', orderText('id'));
    await caller.register('list', orderText('id', optional('b')));
    expect((await caller.get('/schemas?subjectPrefix=list&latestOnly=true')).body).toMatchObject([
      { subject: 'list', version: 2 },
    ]);
    expect((await caller.get('/schemas?subjectPrefix=list')).body).toHaveLength(2);
    expect((await caller.get('/schemas')).body).toHaveProperty('subjects');
    const accept = 'application/vnd.schemaregistry.v1+json';
    const theirs = await caller.registry.service.app.inject({
      url: '/schemas',
      headers: { authorization: 'Bearer viewer-secret', accept },
    });
    expect(Array.isArray(theirs.json())).toBe(true);
  });

  test('a version is found by its metadata', async () => {
    const of = (major: string) => ({ metadata: { properties: { major, app: 'x' } } });
    await caller.register('meta', orderText('id'), of('1'));
    await caller.register('meta', orderText('id', optional('b')), of('2'));
    expect((await caller.get('/subjects/meta/metadata?key=major&value=1&key=app&value=x')).body.version).toBe(
      1,
    );
    expect((await caller.get('/subjects/meta/metadata?key=app&value=x')).body.version).toBe(2);
    expect((await caller.get('/subjects/meta/metadata?key=major&value=9')).status).toBe(404);
  });

  test('names with slashes, colons and dots work, encoded', async () => {
    for (const name of ['a/b', 'a:b', 'a.b', 'ä ö', 'x'.repeat(255)]) {
      expect((await caller.register(name, orderText('id'))).status).toBe(200);
      expect((await caller.get(`/subjects/${encodeURIComponent(name)}/versions/latest`)).body.subject).toBe(
        name,
      );
    }
  });
});

describe('lookups and checks', () => {
  test('a lookup finds the version of a schema, and says what is missing', async () => {
    const { body } = await caller.register('look', orderText('id'));
    expect((await caller.post('/subjects/look', { schema: ` ${orderText('id')} ` })).body).toMatchObject({
      subject: 'look',
      id: body.id,
      version: 1,
    });
    expect(await caller.post('/subjects/look', { schema: orderText('other') })).toMatchObject({
      status: 404,
      body: { error_code: 40403, message: 'Schema not found' },
    });
    expect((await caller.post('/subjects/look-no', { schema: orderText('id') })).body.error_code).toBe(40401);
  });

  test('a check of what is not there finds nothing to break, but a position must be there', async () => {
    const schema = orderText('id');
    const check = (path: string, body: object = { schema }) =>
      caller.post(`/compatibility/subjects/${path}`, body);
    expect((await check('nothing/versions/latest')).body).toEqual({ is_compatible: true });
    expect((await check('nothing/versions')).body).toEqual({ is_compatible: true });
    expect(await check('nothing/versions/7')).toMatchObject({
      status: 404,
      body: { error_code: 40402, message: 'Version 7 not found.' },
    });
    await caller.register('check', orderText('id'));
    const bad = { schema: orderText('id', 'new') };
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
      await caller.put('/config/levels', { compatibility: level });
      const { body } = await caller.post('/compatibility/subjects/levels/versions', {
        schema: orderText('id', { name: 'b', type: 'int' }),
      });
      return body.is_compatible;
    };
    await caller.put('/config/levels', { compatibility: 'NONE' });
    await caller.register('levels', orderText('id'));
    await caller.register('levels', orderText('id', { name: 'b', type: 'int', default: 0 }));
    expect(await check('BACKWARD')).toBe(true);
    expect(await check('BACKWARD_TRANSITIVE')).toBe(false);
    expect(await check('NONE')).toBe(true);
  });

  test('the strict profile may be asked for, and no other', async () => {
    const decimal = (scale: number) =>
      JSON.stringify({ type: 'bytes', logicalType: 'decimal', precision: 9, scale });
    await caller.register('strict', decimal(2));
    const check = (query: string) =>
      caller.post(`/compatibility/subjects/strict/versions/latest${query}`, { schema: decimal(3) });
    expect((await check('')).body.is_compatible).toBe(true);
    expect((await check('?profile=strict')).body.is_compatible).toBe(false);
    expect((await check('?profile=loose')).status).toBe(422);
  });
});

describe('contexts', () => {
  test('subjects of a context are apart, by qualified name and by path alike', async () => {
    await caller.register(':.lab:ctx', orderText('id'));
    expect((await caller.get('/contexts')).body).toEqual(expect.arrayContaining(['.', '.lab']));
    expect((await caller.get('/subjects/ctx/versions')).body.error_code).toBe(40401);
    expect((await caller.get('/contexts/lab/subjects/ctx/versions/latest')).body).toMatchObject({
      subject: ':.lab:ctx',
      version: 1,
    });
    expect((await caller.get('/contexts/.lab/subjects')).body).toEqual([':.lab:ctx']);
    expect((await caller.get('/subjects?subjectPrefix=:.lab:')).body).toEqual([':.lab:ctx']);
    expect((await caller.get('/subjects')).body).toContain(':.lab:ctx');
    expect((await caller.get('/subjects?subjectPrefix=')).body).not.toContain(':.lab:ctx');
    expect((await caller.get('/contexts/lab/schemas')).body).toMatchObject([
      { subject: ':.lab:ctx', version: 1 },
    ]);
    expect((await caller.get('/subjects/:.:ctx/versions')).body.error_code).toBe(40401);
  });

  test('a context with a subject is not deleted, an empty one is', async () => {
    await caller.register(':.gone:a', orderText('id'));
    expect((await caller.remove('/contexts/.gone')).body.error_code).toBe(42211);
    await caller.remove('/subjects/:.gone:a');
    await caller.remove('/subjects/:.gone:a?permanent=true');
    expect((await caller.remove('/contexts/.gone')).status).toBe(204);
  });
});

test('the server tells what it is', async () => {
  expect((await caller.get('/')).body).toEqual({});
  expect((await caller.post('/')).body).toEqual({});
  expect((await caller.get('/v1/metadata/version')).body.version).toMatch(/^8\.1\./);
  expect((await caller.get('/v1/metadata/id')).body).toHaveProperty('scope.clusters');
  expect((await caller.get('/v1/metadata/deployment')).status).toBe(200);
});
