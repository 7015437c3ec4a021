import { eventually } from '@spine/testkit/eventually';
import type { Client } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openStream, socketClient } from '../testing/open-stream.ts';
import { type Fixture, linkKinds, startFixture } from '../testing/start-fixture.ts';

const query = `subscription V($after: Cursor) {
  violations(after: $after) {
    __typename
    ... on ViolationRaised { violation { id dataset { name rows subject { name } } } }
  }
}`;

const raised = (id: string, name = 'customers', subject = 'Customer') => ({
  data: {
    violations: {
      __typename: 'ViolationRaised',
      violation: { id, dataset: { name, rows: 7, subject: { name: subject } } },
    },
  },
});

describe.each(linkKinds)('a subscription through links %s', (kind) => {
  let fixture: Fixture;
  let client: Client;
  beforeAll(async () => {
    fixture = await startFixture({ kind });
  });
  afterAll(() => fixture.close());
  beforeEach(() => {
    client = socketClient(fixture.url);
  });
  afterEach(async () => {
    await client.dispose();
    await eventually(() => expect(fixture.events.open).toBe(0));
  });

  const raise = (...ids: readonly string[]): void => {
    for (const id of ids) fixture.events.append({ id, severity: 'high', table: 'customers' });
  };
  const isOpen = (count = 1) => eventually(() => expect(fixture.events.open).toBe(count));

  test('each event is joined with what two other subgraphs know, in order', async () => {
    const stream = openStream(client, query);
    await isOpen();
    raise('a', 'b');
    fixture.events.append({ id: 'c', severity: 'low', table: 'orders' });
    await eventually(() =>
      expect(stream.results).toEqual([raised('a'), raised('b'), raised('c', 'orders', 'Order')]),
    );
  });

  test('a client that unsubscribes closes the stream upstream, though no event comes', async () => {
    const stream = openStream(client, query);
    await isOpen();
    stream.unsubscribe();
    await isOpen(0);
  });

  test('a client whose socket dies closes all its streams upstream', async () => {
    openStream(client, query);
    openStream(client, `# Another text is another stream.\n${query}`);
    await isOpen(2);
    client.terminate();
    await isOpen(0);
  });

  test('after a restart of the subgraph the stream goes on from the last event, on the same socket', async () => {
    const stream = openStream(client, query);
    await isOpen();
    raise('d', 'e');
    await eventually(() => expect(stream.results).toHaveLength(2));
    const { begun } = fixture.events;
    await fixture.services.watch.stop();
    raise('f');
    await fixture.services.watch.start();
    raise('g');
    await eventually(() => expect(stream.results).toEqual(['d', 'e', 'f', 'g'].map((id) => raised(id))));
    expect(stream.ended()).toBeUndefined();
    expect(begun.at(-1)).toMatch(/^c\d+$/);
  });

  test('it goes on from the cursor of its own variables when it breaks before an event', async () => {
    raise('h', 'i');
    const after = `c${fixture.events.size - 1}`;
    const stream = openStream(client, query, { after });
    await eventually(() => expect(stream.results).toEqual([raised('i')]));
  });

  test('a heartbeat moves the place to resume from', async () => {
    const high = `subscription { violations(severity: "high") { cursor __typename } }`;
    const stream = openStream(client, high);
    await isOpen();
    fixture.events.append({ id: 'x', severity: 'low', table: 'orders' });
    await eventually(() => expect(stream.results).toHaveLength(1));
    await fixture.services.watch.stop();
    await fixture.services.watch.start();
    raise('y');
    await eventually(() => expect(stream.results).toHaveLength(2));
    expect(stream.results.map(({ data }) => data?.['violations'])).toMatchObject([
      { __typename: 'StreamHeartbeat' },
      { __typename: 'ViolationRaised' },
    ]);
  });

  test('a subgraph of the rest that is down leaves its part of the event empty, and the stream goes on', async () => {
    const stream = openStream(client, query);
    await isOpen();
    await fixture.services.schemas.stop();
    raise('j');
    await eventually(() => expect(stream.results).toHaveLength(1));
    expect(stream.results[0]).toMatchObject({
      data: { violations: { violation: { id: 'j', dataset: { rows: 7, subject: null } } } },
      errors: [
        {
          path: ['violations', 'violation', 'dataset', 'subject'],
          extensions: { code: 'SERVICE_UNAVAILABLE', serviceName: 'schemas' },
        },
      ],
    });
    await fixture.services.schemas.start();
    raise('k');
    await eventually(() => expect(stream.results[1]).toEqual(raised('k')));
  });

  test('a cursor that the subgraph refuses is told once, with its code, and the stream is over', async () => {
    const stream = openStream(client, query, { after: 'expired' });
    await eventually(() => expect(stream.ended()).toBe('complete'));
    expect(stream.results).toMatchObject([
      {
        errors: [
          { message: 'the cursor is too old', extensions: { code: 'CURSOR_EXPIRED', serviceName: 'watch' } },
        ],
      },
    ]);
  });

  test('a stream without a cursor ends when its source does', async () => {
    const stream = openStream(client, 'subscription { ticks(upTo: 3) }');
    await eventually(() => expect(stream.ended()).toBe('complete'));
    expect(stream.results).toEqual([1, 2, 3].map((ticks) => ({ data: { ticks } })));
  });

  test('a subgraph that is away when the client subscribes is tried for a while, then told', async () => {
    await fixture.services.watch.stop();
    const stream = openStream(client, query);
    await eventually(() => expect(stream.ended()).toBe('complete'));
    expect(stream.results).toMatchObject([{ errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] }]);
    await fixture.services.watch.start();
  });

  test('what is not a valid operation is refused as the protocol says, and the socket stays', async () => {
    const bad = openStream(client, 'subscription { violations { colour } }');
    await eventually(() =>
      expect(bad.ended()).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]),
    );
    const deep = openStream(client, `{ ${'a'.repeat(3)} ${'{ a '.repeat(7_000)}${'}'.repeat(7_000)} }`);
    await eventually(() =>
      expect(deep.ended()).toContainEqual(
        expect.objectContaining({ extensions: expect.objectContaining({ code: 'OPERATION_TOO_LARGE' }) }),
      ),
    );
    const stream = openStream(client, query);
    await isOpen();
    raise('l');
    await eventually(() => expect(stream.results).toEqual([raised('l')]));
  });

  test('queries and mutations travel over the same socket', async () => {
    const asked = openStream(client, '{ dataset(name: "orders") { subject { name } } }');
    await eventually(() => expect(asked.ended()).toBe('complete'));
    expect(asked.results).toEqual([{ data: { dataset: { subject: { name: 'Order' } } } }]);
  });

  test('a socket has at most twenty operations at once', async () => {
    for (let n = 0; n < 20; n += 1) openStream(client, query);
    await isOpen(1);
    const one = openStream(client, query);
    await eventually(() =>
      expect(one.ended()).toMatchObject([{ extensions: { code: 'TOO_MANY_OPERATIONS' } }]),
    );
  });

  test('a thousand events come complete and in order', async () => {
    const stream = openStream(
      client,
      'subscription { violations { ... on ViolationRaised { violation { id } } } }',
    );
    await isOpen();
    const ids = Array.from({ length: 1_000 }, (_, n) => `n${n}`);
    raise(...ids);
    await eventually(() => expect(stream.results).toHaveLength(1_000));
    expect(stream.results.map(({ data }) => JSON.stringify(data))).toEqual(
      ids.map((id) => JSON.stringify({ violations: { violation: { id } } })),
    );
  });
});
