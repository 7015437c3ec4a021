import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askGateway } from './testing/ask-gateway.ts';
import { type Fixture, linkKinds, startFixture } from './testing/start-fixture.ts';

describe.each(linkKinds)('a gateway that reaches its subgraphs %s', (kind) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ kind });
  });
  afterAll(() => fixture.close());

  test('one query joins what three subgraphs know', async () => {
    const { status, body } = await askGateway(
      fixture.url,
      'query Q($name: String!) { dataset(name: $name) { namespace rows subject { name versions } } violationCount }',
      { variables: { name: 'customers' } },
    );
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        dataset: { namespace: 'shop', rows: 7, subject: { name: 'Customer', versions: 8 } },
        violationCount: 3,
      },
    });
  });

  test('a mutation runs, and its answer is joined like any other', async () => {
    const { body } = await askGateway(
      fixture.url,
      'mutation($input: RenameInput!) { rename(input: $input) { name subject { name } } }',
      { variables: { input: { name: 'customers', to: 'orders' } } },
    );
    expect(body).toEqual({ data: { rename: { name: 'orders', subject: { name: 'Order' } } } });
  });

  test('an error of a subgraph says its code, fix, service and path, and the rest of the answer stands', async () => {
    const { body } = await askGateway(fixture.url, '{ dataset(name: "locked") { rows subject { name } } }');
    expect(body.data).toEqual({ dataset: { rows: 7, subject: null } });
    expect(body.errors).toEqual([
      {
        message: 'the subject is locked',
        path: ['dataset', 'subject'],
        extensions: { code: 'FORBIDDEN', fix: 'Ask.', serviceName: 'schemas', requestId: expect.any(String) },
      },
    ]);
  });

  test('a bug in a subgraph is INTERNAL with a request id that finds it in the log, and says nothing else', async () => {
    const { body, headers } = await askGateway(fixture.url, '{ fails }');
    expect(body.data).toEqual({ fails: null });
    expect(body.errors[0]).toMatchObject({
      path: ['fails'],
      extensions: { code: 'INTERNAL', serviceName: 'catalog' },
    });
    expect(JSON.stringify(body)).not.toContain('password');
    const requestId = headers.get('x-request-id');
    expect(body.errors[0].extensions.requestId).toBe(requestId);
    const logged = fixture.log.entries.filter(({ fields }) => fields['requestId'] === requestId);
    expect(logged).toContainEqual(expect.objectContaining({ level: 'error' }));
  });

  test.each([
    ['{ dataset(name: "customers") { colour } }', 'GRAPHQL_VALIDATION_FAILED', 'colour'],
    ['{ dataset(name: "customers") { rows }', 'GRAPHQL_PARSE_FAILED', 'Syntax Error'],
    ['{ echo }', 'GRAPHQL_VALIDATION_FAILED', 'text'],
    ['query($t: String!) { echo(text: $t) }', 'BAD_USER_INPUT', '$t'],
  ])('%s is refused with one clear error', async (query, code, mention) => {
    const { status, body } = await askGateway(fixture.url, query);
    expect(status).toBe(400);
    expect(body.data).toBeUndefined();
    expect(body.errors).toHaveLength(1);
    expect(body.errors[0].message).toContain(mention);
    expect(body.errors[0].extensions).toEqual({ code, requestId: expect.any(String) });
  });

  test('an operation beyond a limit is refused before a subgraph hears of it', async () => {
    const aliases = Array.from({ length: 31 }, (_, n) => `a${n}: rows`).join(' ');
    const { status, body } = await askGateway(fixture.url, `{ dataset(name: "customers") { ${aliases} } }`);
    expect(status).toBe(400);
    expect(body.errors[0].extensions.code).toBe('OPERATION_TOO_LARGE');
  });

  test.each([
    ['too many tokens', `{ ${'__typename '.repeat(15_001)} }`],
    ['a nesting that would break a recursion', `${'{ a '.repeat(7_000)}${'}'.repeat(7_000)}`],
  ])('%s is refused, and the gateway goes on', async (_, query) => {
    const { status, body } = await askGateway(fixture.url, query);
    expect(status).toBe(400);
    expect(body.errors).toHaveLength(1);
    expect((await askGateway(fixture.url, '{ violationCount }')).body.data.violationCount).toBe(3);
  });

  test('a body of more than 1 MiB is refused', async () => {
    const answer = await fixture.gateway.app.inject({
      method: 'POST',
      url: '/graphql',
      payload: { query: `{ echo(text: "${'x'.repeat(1_100_000)}") }` },
    });
    expect(answer.statusCode).toBe(413);
    expect(answer.json().code).toBe('PAYLOAD_TOO_LARGE');
  });

  test('a request that a page of another site could send without asking is refused', async () => {
    const response = await fetch(`${fixture.url}/graphql?query={violationCount}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('CSRF');
    const told = await fetch(`${fixture.url}/graphql?query={violationCount}`, {
      headers: { 'apollo-require-preflight': 'yes' },
    });
    expect(await told.json()).toEqual({ data: { violationCount: 3 } });
  });

  test('variables that the client gave reach the subgraph as they are, and defaults hold', async () => {
    const query = 'query($t: String! = "by default") { echo(text: $t) }';
    expect((await askGateway(fixture.url, query)).body.data).toEqual({ echo: 'by default' });
    const text = '"quotes" \\ and a \u0000 and 🙂';
    expect((await askGateway(fixture.url, query, { variables: { t: text } })).body.data).toEqual({
      echo: text,
    });
  });

  test('a hundred different operations at once get their own answers', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        askGateway(fixture.url, `query Q${n} { a${n}: echo(text: "${n}") }`),
      ),
    );
    expect(answers.map(({ body }) => body)).toEqual(
      answers.map((_, n) => ({ data: { [`a${n}`]: String(n) } })),
    );
  });

  test('introspection shows the graph without the machinery of federation', async () => {
    const { body } = await askGateway(fixture.url, '{ __schema { queryType { fields { name } } } }');
    const names = body.data.__schema.queryType.fields.map(({ name }: { name: string }) => name);
    expect(names).toContain('violationCount');
    expect(names).not.toContain('_entities');
  });

  test('it is ready while every subgraph answers, and says which does not', async () => {
    expect((await fetch(`${fixture.url}/readyz`)).status).toBe(200);
    await fixture.services.schemas.stop();
    const unready = await fetch(`${fixture.url}/readyz`);
    expect(unready.status).toBe(503);
    expect(await unready.text()).toContain('schemas');
    await fixture.services.schemas.start();
    expect((await fetch(`${fixture.url}/readyz`)).status).toBe(200);
  });

  test('a subgraph that is down leaves its fields empty, with code and path; it is back when it is back', async () => {
    const query = '{ datasets { nodes { name subject { versions } } } }';
    await fixture.services.schemas.stop();
    const { status, body } = await askGateway(fixture.url, query);
    expect(status).toBe(200);
    expect(body.data.datasets.nodes).toEqual([
      { name: 'customers', subject: null },
      { name: 'orders', subject: null },
    ]);
    expect(body.errors).toEqual(
      [0, 1].map((n) => ({
        message: 'the schemas service does not answer',
        path: ['datasets', 'nodes', n, 'subject'],
        extensions: { code: 'SERVICE_UNAVAILABLE', serviceName: 'schemas', requestId: expect.any(String) },
      })),
    );
    await fixture.services.schemas.start();
    expect((await askGateway(fixture.url, query)).body.errors).toBeUndefined();
  });

  test('a subgraph whose root field is down: that field is null, the others are answered', async () => {
    await fixture.services.watch.stop();
    const { body } = await askGateway(fixture.url, '{ n: violationCount whoAmI }');
    expect(body.data).toEqual({ n: null, whoAmI: expect.any(String) });
    expect(body.errors).toMatchObject([{ path: ['n'], extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
    await fixture.services.watch.start();
  });
});

describe.each(linkKinds)('time, with subgraphs %s', (kind) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ kind, config: { fetchTimeoutMs: 200 } });
  });
  afterAll(() => fixture.close());

  test('a subgraph that is too slow is an error on its field, and the rest is answered', async () => {
    const { body } = await askGateway(fixture.url, '{ slow(ms: 600) violationCount }');
    expect(body.data).toEqual({ slow: null, violationCount: 3 });
    expect(body.errors).toMatchObject([
      {
        message: 'the catalog service did not answer in time',
        path: ['slow'],
        extensions: { code: 'TIMEOUT' },
      },
    ]);
  });

  test('a client that hangs up is no fault of the subgraph', async () => {
    const before = fixture.log.entries.length;
    await expect(
      askGateway(fixture.url, '{ slow(ms: 150) }', { signal: AbortSignal.timeout(50) }),
    ).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const events = fixture.log.entries.slice(before).map(({ fields }) => fields.event);
    expect(events).not.toContain('subgraph.no_answer');
  });
});
