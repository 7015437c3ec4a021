import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConfluentCaller, orderText, startConfluentCaller } from './testing/confluent-caller.ts';

let caller: ConfluentCaller;
beforeAll(async () => {
  caller = await startConfluentCaller();
});
afterAll(() => caller.close());

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
    expect(await caller.post('/subjects/bad/versions', body)).toMatchObject({
      status,
      body: { error_code: code },
    });
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
    const answer = await caller.registry.ask(method, path, undefined, 'steward');
    expect(answer).toMatchObject({ status, body: { error_code: code } });
    if (message !== undefined) expect(answer.body.message).toBe(message);
  });

  test('a wrong level and a wrong mode are refused in their words', async () => {
    expect(await caller.put('/config', { compatibility: 'SIDEWAYS' })).toMatchObject({
      status: 422,
      body: {
        error_code: 42203,
        message:
          'Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, forward_transitive, and full_transitive',
      },
    });
    expect(await caller.put('/mode', { mode: 'NOPE' })).toMatchObject({
      status: 422,
      body: { error_code: 42204, message: 'Invalid mode. Valid values are READWRITE, READONLY, and IMPORT.' },
    });
  });

  const raw = (headers: Record<string, string>, payload: string) =>
    caller.registry.service.app.inject({
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
    const answer = await caller.registry.service.app.inject({
      url: '/subjects',
      headers: { authorization: 'Bearer viewer-secret', ...(accept !== undefined && { accept }) },
    });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, type]);
  });

  test('who accepts only HTML is answered 406', async () => {
    const answer = await caller.registry.service.app.inject({
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
      const answer = await caller.registry.service.app.inject({
        url: '/subjects',
        headers: authorization === undefined ? {} : { authorization },
      });
      expect([answer.statusCode, answer.json().error_code]).toEqual([401, 40101]);
      expect(answer.headers['www-authenticate']).toBeDefined();
    }
    const basic = `Basic ${Buffer.from('viewer:viewer-secret').toString('base64')}`;
    const known = await caller.registry.service.app.inject({
      url: '/subjects',
      headers: { authorization: basic },
    });
    expect(known.statusCode).toBe(200);
  });

  test('a viewer reads and checks, a publisher registers, a steward sets and deletes', async () => {
    const refused = { status: 403, body: { error_code: 40301 } };
    await caller.register('roles', orderText('id'));
    const schema = orderText('id');
    expect((await caller.post('/subjects/roles', { schema }, 'viewer')).status).toBe(200);
    expect(
      (await caller.post('/compatibility/subjects/roles/versions/latest', { schema }, 'viewer')).status,
    ).toBe(200);
    expect(await caller.post('/subjects/roles/versions', { schema }, 'viewer')).toMatchObject(refused);
    expect((await caller.post('/subjects/roles/versions', { schema }, 'publisher')).status).toBe(200);
    expect(await caller.put('/config/roles', { compatibility: 'NONE' }, 'publisher')).toMatchObject(refused);
    expect(await caller.put('/config', { compatibility: 'NONE' }, 'publisher')).toMatchObject(refused);
    expect(await caller.put('/mode/roles', { mode: 'READONLY' }, 'publisher')).toMatchObject(refused);
    expect(await caller.registry.ask('DELETE', '/subjects/roles', undefined, 'publisher')).toMatchObject(
      refused,
    );
  });
});
