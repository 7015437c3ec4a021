import { request as httpRequest, type IncomingMessage } from 'node:http';
import { eventually } from '@spine/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseGatewayConfig } from '../config.ts';
import { type Fixture, fixtureSecret, linkKinds, startFixture } from '../testing/start-fixture.ts';

interface Sent {
  readonly event: string;
  readonly id: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was sent
  readonly data: any;
}

describe.each(linkKinds)('an event stream through links %s', (kind) => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startFixture({ kind });
  });
  afterAll(() => fixture.close());

  const query =
    'subscription($after: Cursor) { violations(after: $after) { ... on ViolationRaised { violation { id dataset { subject { name } } } } } }';
  const raise = (id: string) => fixture.events.append({ id, severity: 'high', table: 'orders' });

  async function open(body: object, headers: Readonly<Record<string, string>> = {}) {
    const leave = new AbortController();
    const response = await fetch(`${fixture.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
      body: JSON.stringify(body),
      signal: leave.signal,
    });
    const sent: Sent[] = [];
    const reading = read(response, sent).catch(() => undefined);
    return { response, sent, reading, leave };
  }

  test('sends each event with its cursor as the id, and ends upstream when the client hangs up', async () => {
    const { response, sent, leave } = await open({ query });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    await eventually(() => expect(fixture.events.open).toBe(1));
    raise('a');
    await eventually(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toEqual({
      event: 'next',
      id: `c${fixture.events.size}`,
      data: { data: { violations: { violation: { id: 'a', dataset: { subject: { name: 'Order' } } } } } },
    });
    leave.abort();
    await eventually(() => expect(fixture.events.open).toBe(0));
  });

  test('a client that comes back with the last id misses nothing', async () => {
    raise('b');
    const lastId = `c${fixture.events.size}`;
    raise('c');
    const { sent, leave } = await open({ query }, { 'last-event-id': lastId });
    raise('d');
    await eventually(() => expect(sent).toHaveLength(2));
    expect(sent.map(({ data }) => data.data.violations.violation.id)).toEqual(['c', 'd']);
    leave.abort();
    await eventually(() => expect(fixture.events.open).toBe(0));
  });

  test('a query is one event and the end', async () => {
    const { sent, reading } = await open({ query: '{ violationCount }' });
    await reading;
    expect(sent).toEqual([
      { event: 'next', id: undefined, data: { data: { violationCount: 3 } } },
      { event: 'complete', id: undefined, data: undefined },
    ]);
  });

  test.each([
    [{ query: 'subscription { violations { colour } }' }, 'GRAPHQL_VALIDATION_FAILED'],
    [{ query: 'subscription {' }, 'GRAPHQL_PARSE_FAILED'],
    [{}, 'BAD_REQUEST'],
    [{ query, variables: { after: 'expired' } }, 'CURSOR_EXPIRED'],
    [{ query: 'subscription { ticks(upTo: null) }' }, 'GRAPHQL_VALIDATION_FAILED'],
  ])('%o is told as an event, and is the end', async (body, code) => {
    const { sent, reading } = await open(body);
    await reading;
    expect(sent.map(({ event }) => event)).toEqual(['next', 'complete']);
    expect(sent[0]?.data.errors[0].extensions.code).toBe(code);
  });

  test('a GET reads, but does not change anything', async () => {
    const get = async (text: string) => {
      const sent: Sent[] = [];
      const url = `${fixture.url}/graphql?query=${encodeURIComponent(text)}`;
      await read(await fetch(url, { headers: { accept: 'text/event-stream' } }), sent);
      return sent[0]?.data;
    };
    expect(await get('subscription { ticks(upTo: 1) }')).toEqual({ data: { ticks: 1 } });
    expect(await get('mutation { rename(input: { name: "a", to: "b" }) { name } }')).toMatchObject({
      errors: [{ extensions: { code: 'METHOD_NOT_ALLOWED' } }],
    });
  });
});

test('a gateway that stops ends its streams at once, without saying that they are complete', async () => {
  const fixture = await startFixture({ kind: 'in process' });
  const response = await fetch(`${fixture.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'subscription { violations { cursor } }' }),
  });
  const sent: Sent[] = [];
  const reading = read(response, sent);
  await eventually(() => expect(fixture.events.open).toBe(1));
  const startedAt = performance.now();
  await fixture.close();
  await reading;
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  expect(sent).toEqual([]);
  expect(fixture.events.open).toBe(0);
});

test('an event stream that nobody reads is given up, and told where to go on', async () => {
  const { streams } = parseGatewayConfig({ SPINE_SERVICE_SECRET: fixtureSecret });
  const fixture = await startFixture({
    kind: 'in process',
    config: { streams: { ...streams, stalledMs: 200 } },
  });
  const request = httpRequest(`${fixture.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
  });
  const responded = new Promise<IncomingMessage>((resolve) => request.once('response', resolve));
  request.end(
    JSON.stringify({
      query: 'subscription { violations { __typename cursor ... on ViolationRaised { violation { id } } } }',
    }),
  );
  const response = await responded;
  await eventually(() => expect(fixture.events.open).toBe(1));
  for (let n = 0; n < 1_000; n += 1) {
    fixture.events.append({ id: `${n} ${'x'.repeat(20_000)}`, severity: 'high', table: 'orders' });
  }
  await eventually(() =>
    expect(fixture.log.entries.some(({ fields }) => fields['event'] === 'sse.stalled')).toBe(true),
  );
  expect(fixture.events.open).toBe(0);
  let text = '';
  for await (const chunk of response) text += String(chunk);
  const blocks = text.trim().split('\n\n').map(parseEvent);
  expect(blocks.at(-1)).toMatchObject({
    event: 'next',
    id: blocks.at(-2)?.id,
    data: { data: { violations: { __typename: 'StreamGap', cursor: blocks.at(-2)?.id } } },
  });
  await fixture.close();
});

test('a gateway that stops does not wait for a client that reads nothing', async () => {
  const fixture = await startFixture({ kind: 'in process' });
  const response = await fetch(`${fixture.url}/graphiql`);
  const startedAt = performance.now();
  await fixture.close();
  expect(performance.now() - startedAt).toBeLessThan(4_500);
  await response.body?.cancel().catch(() => undefined);
});

async function read(response: Response, sent: Sent[]): Promise<void> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) if (!block.startsWith(':')) sent.push(parseEvent(block));
  }
}

function parseEvent(block: string): Sent {
  const fields = new Map(
    block.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
  const data = fields.get('data') ?? '';
  return {
    event: fields.get('event') ?? '',
    id: fields.get('id'),
    data: data === '' ? undefined : JSON.parse(data),
  };
}
