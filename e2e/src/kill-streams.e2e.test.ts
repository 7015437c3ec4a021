import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@spine/testkit/eventually';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ComposeTopology, startComposeTopology } from './compose-topology.ts';
import { runSql } from './content-hash.ts';
import { createHome } from './spine-process.ts';
import { openSubscriber, type StreamSubscriber } from './stream-subscriber.ts';

// Gateway, subgraph and database are killed while 50 clients follow a stream and events are published: every client
// receives what was committed, all of it, in its order, and is never told of a gap (invariant 7, R62).
const clients = 50;
const rounds = Number(process.env['SPINE_STREAM_KILLS'] ?? 1);
const { home, remove } = createHome();
let topology: ComposeTopology;
const subscribers: StreamSubscriber[] = [];

beforeAll(async () => {
  topology = await startComposeTopology({
    home,
    databases: [],
    // All of them have the one token that the topology was given.
    env: { SPINE_GATEWAY_STREAMS_PER_PRINCIPAL: String(clients) },
  });
});

afterAll(async () => {
  await Promise.all(subscribers.map((subscriber) => subscriber.close()));
  await topology?.stop();
  remove();
});

test(`${clients} clients receive what was committed through ${rounds} x kill -9 of gateway, subgraph and database`, async () => {
  const { urls, token } = topology;
  for (let n = 0; n < clients; n++) subscribers.push(openSubscriber(urls.gateway, token));
  // A stream begins with what is committed after it was opened: the first event is committed until all have it.
  await eventually(
    async () => {
      await publish(`start-${Date.now()}`);
      expect(subscribers.filter(({ received }) => received.length === 0)).toHaveLength(0);
    },
    { timeoutMs: 30_000, everyMs: 500 },
  );

  let stopped = false;
  let published = 0;
  const load = (async () => {
    while (!stopped) {
      if (await publish(`event-${published}`)) published += 1;
      else await sleep(100);
    }
  })();
  for (let round = 0; round < rounds; round++) {
    await sleep(1_000);
    await topology.kill9('gateway');
    await sleep(1_000);
    await topology.start('gateway');
    await sleep(2_000);
    await topology.kill9('lineage');
    await sleep(1_000);
    await topology.start('lineage');
    await sleep(2_000);
    await topology.postgres.kill9();
    await sleep(1_000);
    await topology.postgres.restart();
    await sleep(3_000);
  }
  stopped = true;
  await load;
  expect(published).toBeGreaterThan(50 * rounds);

  const committed = await committedNames();
  for (const subscriber of subscribers) {
    const since = committed.slice(committed.indexOf(subscriber.received[0] ?? ''));
    await eventually(() => expect(subscriber.received.length).toBeGreaterThanOrEqual(since.length), {
      timeoutMs: 60_000,
      everyMs: 100,
    }).catch(() => undefined);
    expect(subscriber.received).toEqual(since);
    expect(subscriber.gaps).toBe(0);
  }
  expect(subscribers.reduce((sum, { breaks }) => sum + breaks, 0)).toBeGreaterThanOrEqual(clients);
}, 600_000);

/** Announces a dataset; false when the answer is an error or none. The same event again is stored once. */
async function publish(name: string): Promise<boolean> {
  try {
    const response = await fetch(`${topology.urls.lineage}/api/v1/lineage`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${topology.token}` },
      signal: AbortSignal.timeout(5_000),
      body: JSON.stringify({
        eventTime: '2026-01-01T00:00:00Z',
        producer: 'https://example.org/load',
        schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/DatasetEvent',
        dataset: { namespace: 'load', name, facets: {} },
      }),
    });
    return response.ok;
  } catch {
    return false;
  }
}

/** Names of the announced datasets, in the order of their commits. */
async function committedNames(): Promise<readonly string[]> {
  const rows = await runSql(
    topology.urlOf('spine'),
    `select item #>> '{nodes,0,name}' as name from lineage.stream_event where stream = 'lineageChanges' order by seq`,
  );
  return rows.map((row) => String(row['name']));
}
