import type { Database } from '@spine/platform/postgres/create-database';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LineageEvent } from '../domain/lineage-event.ts';
import type { LineageTables } from '../store/lineage-tables.ts';
import { openLineageDatabase } from '../store/open-lineage-database.ts';
import { graphHash } from '../testing/graph-hash.ts';
import { dataset, datasetEvent, runEvent, runId } from '../testing/sample-events.ts';
import { ingestEvents } from './ingest-events.ts';

let testDatabase: TestDatabase;
let database: Database<LineageTables>;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = await openLineageDatabase({ url: testDatabase.url, log: createRecordingLog() });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

// Few names and few times, so that events meet on every key and tie on every time.
const name = fc.constantFrom('a', 'b', 'c');
const time = fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z', '2026-01-01T00:00:02.000001Z');
const facets = fc.dictionary(
  fc.constantFrom('schema', 'columnLineage'),
  fc.oneof(
    fc
      .constantFrom('a', 'b')
      .map((from) => ({ fields: { x: { inputFields: [{ namespace: 'db', name: from, field: 'x' }] } } })),
    fc.record({ value: fc.integer({ min: 0, max: 3 }) }),
    fc.record({ _deleted: fc.constant(true), note: fc.integer({ min: 0, max: 3 }) }),
  ),
  { maxKeys: 2 },
);
const datasets = fc.array(
  fc.tuple(name, facets).map(([one, its]) => dataset(one, its)),
  { maxLength: 3 },
);
const anyEvent: fc.Arbitrary<LineageEvent> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        run: fc.constantFrom(1, 2, 3).map(runId),
        at: time,
        type: fc.constantFrom('START', 'RUNNING', 'COMPLETE', 'FAIL', 'ABORT', 'OTHER'),
        job: name,
        reads: datasets,
        writes: datasets,
        runFacets: facets,
        jobFacets: facets,
      })
      .map(runEvent),
  },
  { weight: 1, arbitrary: fc.tuple(name, facets, time).map((given) => datasetEvent(...given)) },
);

async function graphOf(batches: readonly (readonly LineageEvent[])[]): Promise<string> {
  await database.pool.query('truncate event_log, node, run, run_dataset, edge, flow, facet');
  for (const batch of batches) await ingestEvents(database.kysely, batch);
  return await graphHash(database);
}

test('shuffled and doubled events give the same graph', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyEvent, { minLength: 2, maxLength: 20 }).chain((events) =>
        fc.record({
          events: fc.constant(events),
          shuffled: fc.shuffledSubarray([...events, ...events], {
            minLength: events.length * 2,
            maxLength: events.length * 2,
          }),
          cuts: fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
        }),
      ),
      async ({ events, shuffled, cuts }) => {
        const one = await graphOf([events]);
        expect(await graphOf(events.map((event) => [event]))).toBe(one);
        expect(await graphOf(batchesOf(shuffled, cuts))).toBe(one);
      },
    ),
    { numRuns: 40 },
  );
});

test('the hash sees what changes', async () => {
  const start = runEvent({ run: runId(1), reads: ['a'] });
  const before = await graphOf([[start]]);
  expect(await graphOf([[start, runEvent({ run: runId(1), type: 'RUNNING' })]])).not.toBe(before);
  expect(await graphOf([[start, runEvent({ run: runId(1), writes: ['b'] })]])).not.toBe(before);
});

function batchesOf(events: readonly LineageEvent[], sizes: Iterator<number>): LineageEvent[][] {
  const batches: LineageEvent[][] = [];
  for (let from = 0; from < events.length; ) {
    const size = sizes.next().value;
    batches.push(events.slice(from, from + size));
    from += size;
  }
  return batches;
}
