import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConfluentCaller, startConfluentCaller } from '../confluent/testing/confluent-caller.ts';

let caller: ConfluentCaller;
beforeAll(async () => {
  caller = await startConfluentCaller();
});
afterAll(() => caller.close());

const text = '"int"';
const utf8 = 'application/json; charset=utf-8';

async function send(payload: string | Buffer, type: string, url = '/schemas/sent') {
  const headers = { authorization: 'Bearer publisher-secret', 'content-type': type };
  const answer = await caller.registry.service.app.inject({ method: 'POST', url, headers, payload });
  return { status: answer.statusCode, body: answer.json() };
}

describe('a body', () => {
  test.each([
    ['that is empty', '', 'application/json', 400, 'INPUT_INVALID'],
    ['that is no JSON', '{', 'application/json', 400, 'INPUT_INVALID'],
    ['that is a list', JSON.stringify([{ schema: text }]), 'application/json', 400, 'INPUT_INVALID'],
    ['that is null', 'null', 'application/json', 400, 'INPUT_INVALID'],
    ['that is a text', '"int"', 'application/json', 400, 'INPUT_INVALID'],
    ['that would change prototypes', '{"schema":"\\"int\\"","__proto__":{}}', utf8, 400, 'INPUT_INVALID'],
    ['that is not in UTF-8', Buffer.from('{"schema":"\\"int\\""}', 'utf16le'), utf8, 400, 'INPUT_INVALID'],
    ['that is text', JSON.stringify({ schema: text }), 'text/plain', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['that is XML', '<schema/>', 'text/xml', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['that is too large', JSON.stringify({ schema: 'a'.repeat(2_000_000) }), utf8, 413, 'PAYLOAD_TOO_LARGE'],
  ] as const)('%s is refused by its code', async (_name, payload, type, status, code) => {
    expect(await send(payload, type)).toMatchObject({ status, body: { status, code } });
  });

  test.each(['application/json', utf8, 'application/json;charset=UTF-8'])(
    'of type %s is read',
    async (type) => {
      const url = `/schemas/${encodeURIComponent(type)}`;
      expect((await send(JSON.stringify({ schema: text }), type, url)).status).toBe(201);
    },
  );

  test.each([
    ['no text for a schema', { schema: 5 }, 'INPUT_INVALID', '/schema'],
    ['a tree for a schema', { schema: { type: 'int' } }, 'INPUT_INVALID', '/schema'],
    ['a type in small letters', { schema: text, schemaType: 'avro' }, 'INPUT_INVALID', '/schemaType'],
    ['a position for a number', { schema: text, version: '1' }, 'INPUT_INVALID', '/version'],
    ['a number with a letter before it', { schema: text, version: 'v1.0.0' }, 'INPUT_INVALID', '/version'],
    ['a number with a zero before it', { schema: text, version: '01.0.0' }, 'INPUT_INVALID', '/version'],
    ['a pre-release of nothing', { schema: text, version: '1.0.0-' }, 'INPUT_INVALID', '/version'],
    ['a number past counting', { schema: text, version: '2147483648.0.0' }, 'INPUT_INVALID', '/version'],
    ['a level in small letters', { schema: text, level: 'full' }, 'INPUT_INVALID', '/level'],
    ['a tag on no field', { schema: text, tags: { no: ['pii'] } }, 'INPUT_INVALID', '/tags'],
    ['a list for tags', { schema: text, tags: [] }, 'INPUT_INVALID', '/tags'],
    ['a class that there is not', { schema: text, dataClass: 'hidden' }, 'INPUT_INVALID', '/dataClass'],
    ['a time that is none', { schema: text, retention: '90 days' }, 'INPUT_INVALID', '/retention'],
    ['a member that is nearly one', { schema: text, tag: {} }, 'INPUT_INVALID', '/tag'],
    [
      'a reference to a word for a version',
      { schema: text, references: [{ name: 'a', subject: 'b', version: 'latest' }] },
      'INPUT_INVALID',
      '/references/0/version',
    ],
    [
      'a reference to nothing',
      { schema: text, references: [{ name: 'a', subject: 'b', version: 1 }] },
      'REFERENCE_UNKNOWN',
      '/references/0',
    ],
    ['brackets without end', { schema: '['.repeat(100_000) }, 'SCHEMA_INVALID', undefined],
  ])('with %s is refused by its code, and says where', async (_name, body, code, path) => {
    const answer = await caller.post('/schemas/parts', body);
    expect(answer.body.code).toBe(code);
    if (path !== undefined) expect([answer.body.path, answer.body.faults?.[0].path]).toContain(path);
    expect((await caller.get('/schemas/parts')).body.code).toBe('SUBJECT_NOT_FOUND');
  });

  test('with a reference back to its own subject is refused as a cycle', async () => {
    await caller.post('/schemas/cycle', { schema: text });
    const references = [{ name: 'a', subject: 'cycle', version: 1 }];
    expect(await caller.post('/schemas/cycle', { schema: '"long"', references })).toMatchObject({
      status: 422,
      body: { code: 'SCHEMA_INVALID', path: '/references' },
    });
  });
});

describe('a name', () => {
  test.each(['a/b', '/', 'a:b', 'a.b', '...', 'a b', '日本', 'ü'.repeat(255), '/'.repeat(255), ':.lab:x'])(
    '%s can be a subject, encoded, and is the same to Kafka clients',
    async (name) => {
      const encoded = encodeURIComponent(name);
      expect((await caller.post(`/schemas/${encoded}`, { schema: text })).body.subject).toBe(name);
      expect((await caller.get(`/schemas/${encoded}`)).body.name).toBe(name);
      expect((await caller.get(`/subjects/${encoded}/versions/1`)).body.subject).toBe(name);
    },
  );

  test.each([
    ['reserved', 'ids'],
    ['too long', 'ü'.repeat(256)],
    ['of letters that take two places each, and too many', '😀'.repeat(128)],
    ['with a zero', 'a\0b'],
    ['with the end of a line', 'a\nb'],
    ['with letters that turn what follows', '\u202e'],
    ['nothing but space', ' '],
    ['of the default context by another name', ':.:x'],
    ['of every context', ':*:x'],
    ['of a context alone', ':.lab:'],
  ])('%s is refused', async (_why, name) => {
    expect(await caller.post(`/schemas/${encodeURIComponent(name)}`, { schema: text })).toMatchObject({
      status: 422,
      body: { code: 'SCHEMA_INVALID', path: '/subject' },
    });
  });

  test.each(['', '/versions', '/versions/latest', '/settings', '/changelog', '/consumers'])(
    'that no database could hold is refused where %s is read, too',
    async (rest) => {
      expect((await caller.get(`/schemas/a%00b${rest}`)).status).toBe(422);
    },
  );

  test('that no database could hold is nobody in the graph', async () => {
    const asked = { query: '{ subject(name: "a\\u0000b") { name } }' };
    const answer = await caller.registry.askSigned('/graphql', asked, 'viewer');
    expect(answer.body).toEqual({ data: { subject: null } });
  });
});
