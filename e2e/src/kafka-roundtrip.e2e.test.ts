import { eventually } from '@spine/testkit/eventually';
import { whyNoKafka } from '@spine/testkit/kafka/kafka-programs';
import { startKafka, type TestKafka } from '@spine/testkit/kafka/start-kafka';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askService } from './ask.ts';
import { runSql } from './content-hash.ts';
import { type Stage, startUp } from './stage.ts';
import { createTopicReader, type TopicReader } from './topic-reader.ts';

// From a table to topics and to a consumer that knows only Kafka and the registry: each change once and in order, whatever
// happens to workers (R32, R34, R35).
const kills = 4;
const skipped = whyNoKafka();
if (skipped !== null) process.stderr.write(`skipped: the story of Kafka, for ${skipped}\n`);

const spec = `apiVersion: spine/v1
sources:
  - { name: bank, type: postgres, url: embedded:bank, region: eu-central-1, owner: data-platform, tables: [public.*] }
sinks:
  - { name: stream, type: kafka, brokers: [env:KAFKA_BROKERS], topicPrefix: bank., topics: { partitions: 3 }, region: eu-central-1, owner: platform, purpose: analytics, retention: P7D, iam: stream_writer }
routes:
  - { name: bank-to-stream, source: bank, sink: stream, tables: [public.*], owner: data-platform }
classification:
  - { dataset: bank.public.*, class: internal }
  - { dataset: bank.public.account, class: confidential, fields: { email: [pii] } }
residency:
  rules:
    - { id: same, effect: allow, match: { class: [internal, confidential], from: [EU], to: [EU] }, obligations: [{ type: hash, fields: [pii] }], rationale: test }
`;
const accounts = 'bank.public.account';
const entries = 'bank.public.entry';

describe.skipIf(skipped !== null)('kafka round trip', () => {
  let kafka: TestKafka;
  let stage: Stage;
  let reader: TopicReader;
  let source: string;

  beforeAll(async () => {
    kafka = await startKafka();
    stage = await startUp({
      databases: ['bank'],
      env: { KAFKA_BROKERS: kafka.bootstrap, SPINE_OBLIGATION_KEY: 'a key for tests only' },
      prepare: async (urlOf) => {
        await runSql(
          urlOf('bank'),
          `create table account (id int primary key, version int not null, email text, note text);
           alter table account replica identity full;
           create table entry (number bigint not null, account int not null);
           insert into account select n, 0, 'owner' || n || '@example.com', repeat('x', n % 3000) from generate_series(1, 500) n;`,
        );
      },
    });
    source = stage.urlOf('bank');
    await stage.apply(`${spec.replace('sources:', 'obligationKey: env:SPINE_OBLIGATION_KEY\nsources:')}`);
    await eventually(async () => expect(await routeOf(stage)).toMatchObject({ state: 'streaming' }), {
      timeoutMs: 60_000,
      everyMs: 200,
    });
    reader = await createTopicReader({
      bootstrap: kafka.bootstrap,
      registryUrl: stage.urls.registry,
      topics: [accounts, entries],
    });
  });

  afterAll(async () => {
    await reader?.close();
    await stage?.stop();
    await kafka?.stop();
  });

  test('the first copy is there, and personal data is not', async () => {
    await eventually(() => expect(reader.records(accounts)).toHaveLength(500), { timeoutMs: 30_000 });
    const first = reader.records(accounts).find(({ key }) => key?.['id'] === 1);
    expect(first).toMatchObject({
      value: { id: 1, version: 0, note: 'x', email: expect.stringMatching(/^[0-9a-f]{64}$/) },
      headers: { 'spine-op': 'snapshot', 'spine-route': 'bank-to-stream', 'spine-policy-version': '1' },
    });
  });

  test(`through ${kills} SIGKILLs under load a consumer sees each change once, and those of a row in order`, async () => {
    let stopped = false;
    const loads = Array.from({ length: 2 }, (_, index) => load(source, index, () => stopped));
    for (let done = 0; done < kills; ) {
      await new Promise((resolve) => setTimeout(resolve, 1_000 + Math.random() * 1_000));
      if (await killWorker(stage)) done += 1;
    }
    stopped = true;
    const changes = (await Promise.all(loads)).reduce((sum, count) => sum + count, 0);
    const streamed = () =>
      [...reader.records(accounts), ...reader.records(entries)].filter(
        ({ headers }) => headers['spine-op'] !== 'snapshot',
      );
    await eventually(() => expect(streamed().length).toBeGreaterThanOrEqual(changes), {
      timeoutMs: 60_000,
      everyMs: 250,
    });
    expect(streamed()).toHaveLength(changes);
    expect(new Set(streamed().map(({ headers }) => headers['spine-idempotency-key'])).size).toBe(changes);

    const rows = await runSql<{ id: number; version: number; note: string }>(
      source,
      'select id, version, note from account order by id',
    );
    expect(materialised(reader)).toEqual(rows);
    const numbers = await runSql<{ number: string }>(source, 'select number::text from entry');
    const seen = reader.records(entries).map(({ value }) => String(value?.['number']));
    expect(seen.sort()).toEqual(numbers.map(({ number }) => number).sort());
    expectVersionsInOrder(reader);
    expect(await askService(`${stage.urls.governance}/internal/ledger/verify`, stage)).toMatchObject({
      ok: true,
    });
  }, 240_000);
});

/** Versions of a row rise by one from record to record: none is missing, doubled or out of order. */
function expectVersionsInOrder(reader: TopicReader): void {
  const versions = new Map<unknown, number>();
  for (const { key, value } of reader.records(accounts)) {
    const id = key?.['id'];
    const version = value?.['version'];
    if (typeof version !== 'number') versions.delete(id);
    else {
      const before = versions.get(id);
      if (before !== undefined) expect(version).toBe(before + 1);
      versions.set(id, version);
    }
  }
}

/** The rows that a consumer of the topic has in the end. */
function materialised(reader: TopicReader): readonly object[] {
  const rows = new Map<number, object>();
  for (const { key, value } of reader.records(accounts)) {
    const id = Number(key?.['id']);
    if (value === null) rows.delete(id);
    else rows.set(id, { id, version: value['version'], note: value['note'] });
  }
  return [...rows].sort(([one], [other]) => one - other).map(([, row]) => row);
}

/** Updates, inserts and deletes of rows with a key, and rows without; answers how many records they make. */
async function load(source: string, index: number, isStopped: () => boolean): Promise<number> {
  const client = new pg.Client({ connectionString: source });
  await client.connect();
  let records = 0;
  for (let turn = 0; !isStopped(); turn += 1) {
    await client.query('begin');
    // Each load has rows of its own, so that the order of commits is the order of versions.
    const id = 1 + 2 * (turn % 250) + index;
    await client.query('update account set version = version + 1 where id = $1', [id]);
    await client.query('insert into entry (number, account) values ($1, $2)', [index * 1_000_000 + turn, id]);
    records += 2;
    if (turn % 10 === 0) {
      const fresh = 10_000 + index * 1_000_000 + turn;
      await client.query(`insert into account values ($1, 0, null, repeat('y', 3000))`, [fresh]);
      // A changed key is a tombstone and a row.
      await client.query('update account set id = -id where id = $1', [fresh]);
      records += 3;
      if (turn % 20 === 0) {
        await client.query('delete from account where id = $1', [-fresh]);
        records += 1;
      }
    }
    await client.query('commit');
  }
  await client.end();
  return records;
}

async function routeOf(stage: Stage): Promise<{ state: string; worker: string | null }> {
  const status = (await askService(`${stage.urls.cdc}/internal/status`, stage)) as {
    routes: { state: string; worker: string | null }[];
  };
  return status.routes[0] ?? { state: 'none', worker: null };
}

/** SIGKILL to the worker that runs the route; false while nobody does. */
async function killWorker(stage: Stage): Promise<boolean> {
  const { state, worker } = await routeOf(stage);
  const pid = Number(/-(\d+)-[0-9a-f]+$/.exec(worker ?? '')?.[1]);
  if (state !== 'streaming' || !Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
