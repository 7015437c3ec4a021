import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { askOver, type RawRequest, transports } from '../testing/ask-over.ts';
import { type Fixture, startFixture } from '../testing/start-fixture.ts';

// What a stranger may try. Each attempt is refused with its documented code, and the gateway answers the next request.
let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ kind: 'in process' });
});
afterAll(() => fixture.close());
afterEach(async () => {
  expect(await askOver('POST', fixture.url, { query: '{ violationCount }' })).toMatchObject({
    data: { violationCount: 3 },
  });
});

const many = (count: number, part: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => part(n)).join(' ');
const bomb = `{ ...F0 } ${many(20, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F20 on Query { whoAmI }`;

describe.each(transports)('over %s', (transport) => {
  test.each<[string, RawRequest, string, string | undefined]>([
    [
      'a long document',
      { query: `{ a: echo(text: "${'x'.repeat(15_000)}") }` },
      'OPERATION_TOO_LARGE',
      'characters',
    ],
    [
      'a deep query',
      { query: `{ dataset(name: "a") ${'{ subject '.repeat(14)}{ name }${' }'.repeat(14)} }` },
      'OPERATION_TOO_LARGE',
      'depth',
    ],
    [
      'a nesting for the parser',
      { query: `${'{a'.repeat(501)}${'}'.repeat(501)}` },
      'OPERATION_TOO_LARGE',
      'nesting',
    ],
    [
      'a list within lists',
      { query: `{ echo(text: ${'['.repeat(501)}${']'.repeat(501)}) }` },
      'OPERATION_TOO_LARGE',
      'nesting',
    ],
    [
      'many fields',
      { query: `{ dataset(name: "a") { ${'rows '.repeat(1_001)} } }` },
      'OPERATION_TOO_LARGE',
      'fields',
    ],
    ['many root fields', { query: `{ ${'whoAmI '.repeat(11)} }` }, 'OPERATION_TOO_LARGE', 'rootFields'],
    [
      'many aliases',
      { query: `{ dataset(name: "a") { ${many(31, (n) => `a${n}: rows`)} } }` },
      'OPERATION_TOO_LARGE',
      'aliases',
    ],
    [
      'many guesses at once',
      { query: `{ ${many(11, (n) => `a${n}: echo(text: "${n}")`)} }` },
      'OPERATION_TOO_LARGE',
      'rootFields',
    ],
    [
      'a flood of directives',
      { query: `{ whoAmI ${'@skip(if: false) '.repeat(51)} }` },
      'OPERATION_TOO_LARGE',
      'directives',
    ],
    [
      'a flood of unknown directives in a fragment nobody spreads',
      { query: `{ whoAmI } fragment F on Query { whoAmI ${'@x '.repeat(51)} }` },
      'OPERATION_TOO_LARGE',
      'directives',
    ],
    ['fragments that double twenty times', { query: bomb }, 'OPERATION_TOO_LARGE', undefined],
    [
      'fragments in a circle',
      { query: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }' },
      'GRAPHQL_VALIDATION_FAILED',
      undefined,
    ],
    ['a long name', { query: `query ${'N'.repeat(513)} { whoAmI }` }, 'OPERATION_TOO_LARGE', 'operationName'],
    [
      'a long name beside the document',
      { query: '{ whoAmI }', operationName: 'N'.repeat(513) },
      'OPERATION_TOO_LARGE',
      'operationName',
    ],
    [
      'a costly query',
      { query: '{ datasets(first: 100000) { nodes { name } } }' },
      'OPERATION_TOO_COSTLY',
      'cost',
    ],
    [
      'a cost hidden in a variable',
      { query: 'query ($n: Int) { datasets(first: $n) { nodes { name } } }', variables: { n: 2147483647 } },
      'OPERATION_TOO_COSTLY',
      'cost',
    ],
    [
      'an integer that is none',
      { query: 'query ($n: Int!) { slow(ms: $n) }', variables: { n: 1e30 } },
      'BAD_USER_INPUT',
      undefined,
    ],
    [
      'an integer too large for a document',
      { query: `{ slow(ms: ${'9'.repeat(400)}) }` },
      'GRAPHQL_VALIDATION_FAILED',
      undefined,
    ],
    [
      'a null where none may be',
      { query: 'query ($t: String!) { echo(text: $t) }', variables: { t: null } },
      'BAD_USER_INPUT',
      undefined,
    ],
    ['a document that is none', { query: '{{{' }, 'GRAPHQL_PARSE_FAILED', undefined],
    ['a NUL in the document', { query: '{ who\u0000AmI }' }, 'GRAPHQL_PARSE_FAILED', undefined],
    ['half a surrogate pair', { query: '{ \ud83d }' }, 'GRAPHQL_PARSE_FAILED', undefined],
    [
      'a name of every object as operation',
      { query: '{ whoAmI }', operationName: '__proto__' },
      'OPERATION_RESOLUTION_FAILURE',
      undefined,
    ],
    [
      'a deferred part',
      { query: '{ whoAmI ... @defer { violationCount } }' },
      'GRAPHQL_VALIDATION_FAILED',
      undefined,
    ],
    [
      'the machinery of federation',
      { query: '{ _service { sdl } }' },
      'GRAPHQL_VALIDATION_FAILED',
      undefined,
    ],
    [
      'entities',
      { query: '{ _entities(representations: []) { __typename } }' },
      'GRAPHQL_VALIDATION_FAILED',
      undefined,
    ],
  ])('%s is refused', async (_, request, code, limit) => {
    const { codes, errors, data } = await askOver(transport, fixture.url, request);
    if (codes[0] === 'URI_TOO_LONG' && transport === 'GET') return;
    expect(codes[0]).toBe(code);
    expect(data).toBeUndefined();
    if (limit === undefined) return;
    expect(errors[0]?.extensions?.['limit']).toBe(limit);
    expect(errors[0]?.message).toMatch(/ \d/);
  });

  test.each<[string, RawRequest]>([
    [
      'a name of every object as variable',
      JSON.parse(
        '{"query": "query ($t: String!) { echo(text: $t) }", "variables": {"t": "a", "constructor": {"prototype": {"admin": true}}}}',
      ),
    ],
    [
      'letters beyond the first plane',
      { query: 'query ($t: String!) { echo(text: $t) }', variables: { t: 'a\u202e🏃\ud800' } },
    ],
    ['an unknown variable', { query: '{ echo(text: "a") }', variables: { x: 1 } }],
  ])('%s does no harm', async (_, request) => {
    const { data, codes } = await askOver(transport, fixture.url, request);
    // A body with a prototype in it is not even parsed.
    if (codes[0] !== 'INPUT_INVALID') expect(data).toMatchObject({ echo: expect.stringContaining('a') });
    expect('admin' in {}).toBe(false);
  });
});

describe('over HTTP', () => {
  const post = async (body: string, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(`${fixture.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    const text = await response.text();
    const answer = text.startsWith('{') ? JSON.parse(text) : {};
    return { status: response.status, code: answer.code ?? answer.errors?.[0]?.extensions?.code, text };
  };
  const query = JSON.stringify({ query: '{ whoAmI }' });

  test.each<[string, string, Readonly<Record<string, string>>, number, string]>([
    [
      'a body of two megabytes',
      JSON.stringify({ query: '{ whoAmI }', pad: 'x'.repeat(2_097_152) }),
      {},
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    ['a batch', `[${query}, ${query}]`, {}, 400, 'BAD_REQUEST'],
    ['an empty batch', '[]', {}, 400, 'BAD_REQUEST'],
    ['a null', 'null', {}, 400, 'BAD_REQUEST'],
    ['a number', '42', {}, 400, 'BAD_REQUEST'],
    ['half a JSON', '{"query":', {}, 400, 'INPUT_INVALID'],
    ['an empty body', '', {}, 400, 'INPUT_INVALID'],
    ['variables as a text', '{"query": "{ whoAmI }", "variables": "{}"}', {}, 400, 'BAD_REQUEST'],
    [
      'a prototype to poison',
      '{"query": "{ whoAmI }", "variables": {"__proto__": {"a": 1}}}',
      {},
      400,
      'INPUT_INVALID',
    ],
    [
      'a form',
      'query={whoAmI}',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['plain text', query, { 'content-type': 'text/plain' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    [
      'an upload',
      query,
      { 'content-type': 'multipart/form-data; boundary=x' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'another charset',
      query,
      { 'content-type': 'application/json; charset=utf-7' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'a charset of two bytes',
      query,
      { 'content-type': 'application/json; charset=utf-16le' },
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['an answer that cannot be written', query, { accept: 'image/png' }, 406, 'NOT_ACCEPTABLE'],
    ['another site', query, { origin: 'https://evil.example' }, 403, 'FORBIDDEN'],
    ['a page without an origin of its own', query, { origin: 'null' }, 403, 'FORBIDDEN'],
  ])('%s is refused', async (_, body, headers, status, code) => {
    const answer = await post(body, headers);
    expect(answer).toMatchObject({ status, code });
    expect(answer.text).not.toMatch(/node_modules|at .*\.[jt]s:\d/);
  });

  test('variables of a hundred thousand levels are refused, whether they are used or not', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const body = `{"query": "query Peek { adminOnly }", "variables": {"x": ${deep}}}`;
    expect(await post(body)).toMatchObject({ status: 200, code: 'OPERATION_TOO_LARGE' });
  });

  test.each<[string, string, Readonly<Record<string, string>>, number]>([
    [
      'a mutation by GET',
      'mutation { rename(input: { name: "a", to: "b" }) { name } }',
      { 'apollo-require-preflight': '1' },
      405,
    ],
    ['a GET with another content type', '{ whoAmI }', { 'content-type': 'text/plain' }, 415],
    ['a GET that any page could send', '{ whoAmI }', {}, 400],
    [
      'a URL of nine kilobytes',
      `{ echo(text: "${'x'.repeat(9_000)}") }`,
      { 'apollo-require-preflight': '1' },
      414,
    ],
  ])('%s is refused', async (_, text, headers, status) => {
    const response = await fetch(`${fixture.url}/graphql?query=${encodeURIComponent(text)}`, { headers });
    expect(response.status).toBe(status);
  });

  test('headers of seventy kilobytes are refused, and fifty are read', async () => {
    const withHeader = (bytes: number) =>
      rawStatus(
        fixture.url,
        `GET /livez HTTP/1.1\r\nhost: x\r\nx-pad: ${'x'.repeat(bytes)}\r\nconnection: close\r\n\r\n`,
      );
    expect(await withHeader(70_000)).toContain(' 431 ');
    expect(await withHeader(50_000)).toContain(' 200 ');
  });

  test.each([
    '\u0000\u0001\u0002',
    'GET',
    'POST /graphql HTTP/9.9\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  ])('bytes that are no HTTP are refused: %j', async (bytes) => {
    expect(await rawStatus(fixture.url, `${bytes}\r\n\r\n`)).toMatch(/ (400|505) |^$/);
  });

  test('every answer tells browsers to keep it to themselves', async () => {
    for (const path of ['/graphql?query={whoAmI}', '/nowhere', '/', '/graphiql']) {
      const { headers } = await fetch(`${fixture.url}${path}`);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('x-frame-options'), path).toBe('DENY');
      expect(headers.get('referrer-policy'), path).toBe('no-referrer');
      expect(headers.get('cache-control'), path).toMatch(/^no-(store|cache)$/);
      expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'");
      expect(headers.get('strict-transport-security'), path).toBeNull();
      expect(headers.get('access-control-allow-origin'), path).toBeNull();
    }
  });
});

describe('over a socket', () => {
  test.each<[string, string | Buffer, number]>([
    ['no JSON', '{', 4400],
    ['no message', '[]', 4400],
    ['bytes', Buffer.from([0xff, 0xfe, 0x00]), 4400],
    [
      'a message before connection_init',
      '{"id":"1","type":"subscribe","payload":{"query":"{ whoAmI }"}}',
      4401,
    ],
    [
      'a message of the protocol before this one',
      '{"type":"start","id":"1","payload":{"query":"{ whoAmI }"}}',
      4400,
    ],
  ])('%s ends it with its code', async (_, message, code) => {
    const socket = new WebSocket(`${fixture.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.once('open', () => socket.send(message));
    expect(await closed).toBe(code);
  });
});

/** The first line that a server answers to raw bytes; empty when it hangs up. */
function rawStatus(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on('data', (data) => {
      answer += String(data);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer.split('\r\n', 1)[0] ?? ''));
  });
}
