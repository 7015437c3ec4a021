import type { Database } from '@spine/platform/postgres/create-database';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { nodeId } from '../domain/entity-ids.ts';
import type { LineageEvent } from '../domain/lineage-event.ts';
import { parseEvent } from '../formats/parse-event.ts';
import { readEdges } from '../store/edges.ts';
import { findFacets } from '../store/facets.ts';
import type { LineageTables } from '../store/lineage-tables.ts';
import { findNodes } from '../store/nodes.ts';
import { openLineageDatabase } from '../store/open-lineage-database.ts';
import { findRuns } from '../store/runs.ts';
import { graphHash } from '../testing/graph-hash.ts';
import { dataset, datasetEvent, runEvent, runId } from '../testing/sample-events.ts';
import { airflowEvents, dataplexLinks, dataplexName, hasVectors } from '../testing/vectors.ts';
import { createIngest } from './create-ingest.ts';
import { ingestEvents } from './ingest-events.ts';
import { traceLineage } from './trace-lineage.ts';

let testDatabase: TestDatabase;
let database: Database<LineageTables>;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await openLineageDatabase({ url: testDatabase.url, log: createRecordingLog(), max: 20 });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});
beforeEach(async () => {
  await database.pool.query('truncate event_log, node, run, run_dataset, edge, flow, facet, stream_event');
});

const ingest = (...events: LineageEvent[]) => ingestEvents(database.kysely, events);
const count = async (table: string): Promise<number> => {
  const { rows } = await database.pool.query<{ n: bigint }>(`select count(*) as n from ${table}`);
  return Number(rows[0]?.n);
};

test('an event sent again is known and changes nothing', async () => {
  const event = runEvent({ run: runId(1), reads: ['a'], writes: ['b'] });
  expect([...(await ingest(event, event))]).toEqual([event.id]);
  const before = await graphHash(database);
  expect([...(await ingest(event))]).toEqual([]);
  expect(await graphHash(database)).toBe(before);
  expect(await count('event_log')).toBe(1);
  expect(await count('stream_event')).toBe(1);
});

test('the log keeps the whole event and its warnings', async () => {
  const event = parseEvent({
    eventTime: '2026-01-01T00:00:00',
    dataset: { namespace: 'db', name: 'a', unknown: { kept: true } },
  });
  await ingest(event);
  const { rows } = await database.pool.query('select body, warnings from event_log');
  expect(JSON.parse(rows[0].body)).toMatchObject({ dataset: { unknown: { kept: true } } });
  expect(rows[0].warnings).toMatchObject([
    { code: 'MEMBER_MISSING', path: '/schemaURL' },
    { code: 'TIME_WITHOUT_ZONE', path: '/eventTime' },
    { code: 'MEMBER_MISSING', path: '/producer' },
  ]);
});

test('an event without inputs says nothing new of them', async () => {
  await ingest(runEvent({ run: runId(1), reads: ['a'], writes: ['b'] }));
  await ingest(runEvent({ run: runId(1), type: 'COMPLETE', at: '2026-01-01T00:01:00Z' }));
  expect(await count('run_dataset')).toBe(2);
  expect(await count('edge')).toBe(2);
});

test('a run that ended stays ended, whatever comes late', async () => {
  const ended = { run: runId(1), type: 'FAIL', at: '2026-01-01T00:02:00Z' };
  await ingest(runEvent(ended));
  await ingest(runEvent({ run: runId(1), type: 'RUNNING', at: '2026-01-01T00:03:00Z' }));
  await ingest(runEvent({ run: runId(1), type: 'START', at: '2026-01-01T00:01:00Z' }));
  expect(await findRuns(database.kysely, [runId(1)])).toMatchObject([
    {
      state: 'FAIL',
      startedAt: new Date('2026-01-01T00:01:00Z'),
      endedAt: new Date('2026-01-01T00:02:00Z'),
    },
  ]);
});

test('a deleted facet stays deleted when an older value comes late', async () => {
  const id = nodeId('dataset', 'db', 'a');
  await ingest(datasetEvent('a', { tags: { _deleted: true } }, '2026-01-01T00:02:00Z'));
  await ingest(datasetEvent('a', { tags: { tags: [] }, schema: {} }, '2026-01-01T00:01:00Z'));
  expect(Object.keys((await findFacets(database.kysely, [id])).get(id) ?? {})).toEqual(['schema']);
  await ingest(datasetEvent('a', { tags: { tags: [] } }, '2026-01-01T00:03:00Z'));
  expect(Object.keys((await findFacets(database.kysely, [id])).get(id) ?? {})).toEqual(['tags', 'schema']);
});

test('names and texts of any kind and length are stored as they came', async () => {
  const names = [`"quoted", {braced}`, '\\', 'NULL', '', 'ünïcödé 🦊', 'x'.repeat(100_000)].filter(Boolean);
  const facet = { text: names.join('\n'), number: 1e308, nested: [[{}]], ['__proto__']: 1 };
  await ingest(...names.map((name) => datasetEvent(name, { note: facet })));
  const ids = names.map((name) => nodeId('dataset', 'db', name));
  const nodes = await findNodes(database.kysely, ids);
  expect(nodes.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  const facets = (await findFacets(database.kysely, ids)).get(ids[0] ?? '');
  expect(facets?.['note']).toMatchObject({ text: facet.text, number: 1e308, nested: [[{}]] });
});

describe('many writers at once', () => {
  test('with keys in common neither deadlock nor lose nor double an event', async () => {
    // Each event names its datasets in an order of its own.
    const events = Array.from({ length: 400 }, (_, i) =>
      runEvent({
        run: runId(i % 20),
        type: ['START', 'RUNNING', 'COMPLETE'][i % 3] ?? 'START',
        at: new Date(Date.UTC(2026, 0, 1, 0, 0, i % 50)).toISOString(),
        job: `job-${i % 5}`,
        reads: shuffled(10, i).map((n) => dataset(`d${n}`, { note: { i } })),
        writes: shuffled(10, i + 7).map((n) => `d${n}`),
      }),
    );
    const batches = Array.from({ length: 8 }, (_, writer) =>
      // Neighbours share half of their events.
      Array.from({ length: 10 }, (__, step) =>
        shuffled(10, writer + step).map((n) => events[(writer * 25 + step * 10 + n) % 400]),
      ),
    );
    const added = await Promise.all(
      batches.map(async (mine) => {
        let sum = 0;
        for (const batch of mine) sum += (await ingest(...batch.filter((event) => event !== undefined))).size;
        return sum;
      }),
    );
    const sent = new Set(batches.flat(2).map((event) => event?.id));
    expect(added.reduce((a, b) => a + b, 0)).toBe(sent.size);
    expect(await count('event_log')).toBe(sent.size);

    const concurrent = await graphHash(database);
    await database.pool.query('truncate event_log, node, run, run_dataset, edge, flow, facet');
    await ingest(...events.filter(({ id }) => sent.has(id)));
    expect(await graphHash(database)).toBe(concurrent);
  });

  test('share commits: a thousand callers take few transactions', async () => {
    const groups: number[] = [];
    const shared = createIngest({ db: database.kysely, onGroup: (size) => groups.push(size) });
    await Promise.all(
      Array.from({ length: 1000 }, (_, i) =>
        shared.ingest(runEvent({ run: runId(i), reads: ['a'], writes: ['b'] })),
      ),
    );
    await shared.close();
    expect(await count('event_log')).toBe(1000);
    expect(groups.length).toBeLessThan(20);
  });

  test('an event that cannot be stored fails alone', async () => {
    const shared = createIngest({ db: database.kysely });
    const bad = { ...runEvent({ run: runId(2) }), body: 'a\u0000b' };
    const results = await Promise.allSettled(
      [runEvent({ run: runId(1) }), bad, runEvent({ run: runId(3) }), runEvent({ run: runId(4) })].map(
        (event) => shared.ingest(event),
      ),
    );
    await shared.close();
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(await count('event_log')).toBe(3);
  });
});

describe('a job that copies several tables', () => {
  const madeOf = (...names: string[]) => ({
    columnLineage: {
      fields: {
        id: { inputFields: names.map((name) => ({ namespace: 'db', name, field: 'id' })) },
      },
    },
  });
  async function reach(name: string, direction: 'UPSTREAM' | 'DOWNSTREAM'): Promise<string[]> {
    const trace = await traceLineage(
      (steps, way, perNode) => readEdges(database.kysely, steps, way, perNode),
      nodeId('dataset', 'db', name),
      { direction, depth: 20, maxNodes: 500 },
    );
    const nodes = await findNodes(database.kysely, trace.nodes);
    return nodes.map((node) => node.name).toSorted();
  }

  test('leads from each table to its own copy only, where it says so', async () => {
    await ingest(
      runEvent({
        run: runId(1),
        job: 'copy',
        reads: ['a', 'b', 'c'],
        writes: [dataset('a2', madeOf('a')), dataset('b2', madeOf('b', 'c')), 'log'],
      }),
      runEvent({ run: runId(2), job: 'next', reads: ['a2'], writes: ['end'] }),
    );
    expect(await reach('a', 'DOWNSTREAM')).toEqual(['a', 'a2', 'copy', 'end', 'log', 'next']);
    expect(await reach('c', 'DOWNSTREAM')).toEqual(['b2', 'c', 'copy', 'log']);
    expect(await reach('end', 'UPSTREAM')).toEqual(['a', 'a2', 'copy', 'end', 'next']);
    expect(await reach('b2', 'UPSTREAM')).toEqual(['b', 'b2', 'c', 'copy']);
    // Nobody said what it was made of: it may be everything.
    expect(await reach('log', 'UPSTREAM')).toEqual(['a', 'b', 'c', 'copy', 'log']);
  });

  test('is walked on from again when another table leads back to it', async () => {
    await ingest(
      runEvent({
        run: runId(1),
        job: 'loop',
        reads: ['a', 'b'],
        writes: [dataset('b', madeOf('a')), dataset('c', madeOf('b'))],
      }),
    );
    expect(await reach('a', 'DOWNSTREAM')).toEqual(['a', 'b', 'c', 'loop']);
    expect(await reach('c', 'UPSTREAM')).toEqual(['a', 'b', 'c', 'loop']);
  });

  test('may say so by the lineage facet of the job or of an output', async () => {
    const input = (name: string) => ({ namespace: 'db', name, type: 'DATASET' });
    await ingest(
      runEvent({
        run: runId(1),
        job: 'explicit',
        reads: ['a', 'b'],
        writes: [dataset('a2', { lineage: { inputs: [input('a')] } }), 'b2'],
        jobFacets: { lineage: { entries: [{ ...input('b2'), inputs: [input('b')] }] } },
      }),
    );
    expect(await reach('a', 'DOWNSTREAM')).toEqual(['a', 'a2', 'explicit']);
    expect(await reach('b2', 'UPSTREAM')).toEqual(['b', 'b2', 'explicit']);
  });
});

describe.skipIf(!hasVectors())('the events of Airflow', () => {
  test('give a graph in which every link that Dataplex derives is a path through one job', async () => {
    await ingest(...airflowEvents().map((event) => parseEvent(event)));
    expect(await count('run')).toBe(16);
    const { rows } = await database.pool.query<{ id: string; namespace: string; name: string }>(
      `select node_id as id, namespace, name from node where kind = 'dataset'`,
    );
    const ids = new Map(rows.map((row) => [dataplexName(row), row.id]));
    const links = dataplexLinks();
    expect(links).toHaveLength(12);
    for (const { from, to } of links) {
      const [root, target] = [ids.get(from), ids.get(to)];
      expect(root, from).toBeDefined();
      expect(target, to).toBeDefined();
      const trace = await traceLineage(
        (steps, way, perNode) => readEdges(database.kysely, steps, way, perNode),
        root ?? '',
        { direction: 'DOWNSTREAM', depth: 2, maxNodes: 500 },
      );
      expect(trace.nodes, `${from} to ${to}`).toContain(target);
    }
  });
});

/** 0 to n - 1 in an order that the seed decides. */
function shuffled(n: number, seed: number): number[] {
  const step = [1, 3, 7, 9][seed % 4] ?? 1;
  return Array.from({ length: n }, (_, i) => (i * step + seed) % n);
}
