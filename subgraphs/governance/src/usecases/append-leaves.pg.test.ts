import { createDatabase, type Database } from '@spine/platform/postgres/create-database';
import { migrate } from '@spine/platform/postgres/migrate';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sampleDenial, sampleLeaf, sampleLeafDecision, samplePolicy } from '../domain/samples.ts';
import { listDecisionPages } from '../store/decisions.ts';
import type { GovernanceTables } from '../store/governance-tables.ts';
import { findLeafAfter } from '../store/ledger.ts';
import { governanceMigrations } from '../store/migrations.ts';
import { listStandingViolations } from '../store/violations.ts';
import { appendLeaves } from './append-leaves.ts';
import type { GovernanceDeps } from './governance-deps.ts';
import { createMatrixReader } from './matrix-reader.ts';
import { putPolicy } from './put-policy.ts';
import { verifyLedger } from './verify-ledger.ts';

const template = {
  name: 'governance',
  migrate: async (url: string) => {
    const database = open(url);
    await migrate(database, governanceMigrations);
    await database.close();
  },
};

let given: TestDatabase;
let database: Database<GovernanceTables>;
let deps: GovernanceDeps;
let matrix: { version: number; digest: string };
let now: Date;

function open(url: string): Database<GovernanceTables> {
  return createDatabase<GovernanceTables>({ url, schema: 'governance', log: createRecordingLog() });
}

beforeEach(async () => {
  given = await createTestDatabase({ template });
  database = open(given.url);
  now = new Date('2026-11-24T12:00:00.000Z');
  let ids = 0;
  deps = {
    database,
    matrices: createMatrixReader(),
    clock: { now: () => now },
    newId: () => `v${++ids}`,
    devMode: true,
  };
  matrix = await putPolicy(deps, 'dev', samplePolicy());
});

afterEach(async () => {
  await database.close();
  await given.drop();
});

const append = async (...leaves: Parameters<typeof appendLeaves>[1]) =>
  (await appendLeaves(deps, leaves)).results.map((result) => result.status);
const change = async () => {
  matrix = await putPolicy(deps, 'dev', samplePolicy({ sinks: samplePolicy().sinks.slice(0, 2) }));
};
const streamItems = async (stream: string) => {
  const { rows } = await sql<{ item: unknown }>`
    select item from stream_event where stream = ${stream} order by seq`.execute(database.kysely);
  return rows.map((row) => row.item);
};
const page = (limit: number, after: { seq: bigint; ordinal: number } | null = null) =>
  listDecisionPages(database.kysely, [
    { dataset: sampleLeafDecision().dataset, side: 'source', after, limit },
  ]);

describe('leaves', () => {
  test('a leaf is idempotent by its batch, a superseding one replaces it', async () => {
    const leaf = sampleLeaf(1, matrix);
    expect(await append(leaf)).toEqual(['appended']);
    expect(await append(leaf)).toEqual(['exists']);
    await change();
    expect(await append(leaf)).toEqual(['stale_matrix']);
    const anew = sampleLeaf(1, matrix, { supersedes: leaf.batchId });
    expect(await append(anew)).toEqual(['appended']);
    expect(await append(anew)).toEqual(['exists']);
    const [decisions] = await page(10);
    expect(decisions?.map(({ seq, supersededBy }) => [seq, supersededBy])).toEqual([
      [2n, null],
      [1n, 2n],
    ]);
    const next = await findLeafAfter(database.kysely, {
      route: leaf.route,
      sink: leaf.sink,
      after: leaf.start,
    });
    expect(next?.seq).toBe(2n);
    expect(await verifyLedger(database.kysely)).toMatchObject({ ok: true, entries: 2 });
  });

  test('a position has one final leaf: another batch there is refused and nothing of the request is kept', async () => {
    const leaf = sampleLeaf(1, matrix);
    await append(leaf);
    await expect(append(sampleLeaf(2, matrix), { ...leaf, batchId: 'other' })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    expect(await verifyLedger(database.kysely)).toMatchObject({ ok: true, entries: 1 });
    expect(await append({ ...leaf, batchId: 'other', supersedes: leaf.batchId })).toEqual(['appended']);
  });

  test('snapshots and admissions share a position', async () => {
    expect(
      await append(
        sampleLeaf(1, matrix, { batchId: 'a', kind: 'admission', start: '0/0' }),
        sampleLeaf(1, matrix, { batchId: 'b', kind: 'snapshot', start: '0/0' }),
        sampleLeaf(1, matrix, { batchId: 'c', kind: 'snapshot', start: '0/0' }),
      ),
    ).toEqual(['appended', 'appended', 'appended']);
  });

  test('many appenders at once keep the chain', async () => {
    const routes = Array.from({ length: 8 }, (_, index) => `route-${index}`);
    await Promise.all(
      routes.flatMap((route) =>
        Array.from({ length: 10 }, (_, at) => append(sampleLeaf(at, matrix, { route }))),
      ),
    );
    expect(await verifyLedger(database.kysely)).toMatchObject({ ok: true, entries: 80, head: { seq: 80 } });
    expect(await streamItems('decisions')).toHaveLength(80);
  });

  test('regions of both ends are those of the matrix', async () => {
    await append(sampleLeaf(1, matrix, { sink: 'us-lake' }));
    const [decisions] = await page(1);
    expect(decisions?.[0]).toMatchObject({ sourceRegion: 'eu-central-1', sinkRegion: 'us-east-1' });
  });
});

describe('the ledger', () => {
  test('refuses update, delete and truncate', async () => {
    await append(sampleLeaf(1, matrix));
    for (const statement of [
      sql`update ledger set route = 'x'`,
      sql`delete from ledger`,
      sql`truncate ledger cascade`,
      sql`update matrix_version set digest = 'x'`,
      sql`delete from matrix_signature`,
    ]) {
      await expect(statement.execute(database.kysely)).rejects.toThrow(/insert only/);
    }
  });

  test.each([
    ['a body', sql`update ledger set body = replace(body, '"rows":10', '"rows":11') where seq = 2`],
    ['a column', sql`update ledger set route = 'elsewhere' where seq = 2`],
    ['a hash', sql`update ledger set hash = 'x' where seq = 2`],
    ['a place', sql`update ledger set seq = 9 where seq = 2`],
  ])('a tampered row is found: %s', async (_what, tamper) => {
    await append(sampleLeaf(1, matrix), sampleLeaf(2, matrix), sampleLeaf(3, matrix));
    // What a superuser can do and the service cannot.
    await sql`alter table ledger disable trigger all`.execute(database.kysely);
    await sql`alter table decision drop constraint decision_seq_fkey`.execute(database.kysely);
    await sql`alter table final_leaf drop constraint final_leaf_seq_fkey`.execute(database.kysely);
    await tamper.execute(database.kysely);
    expect(await verifyLedger(database.kysely)).toMatchObject({ ok: false, entries: 1, brokenAt: 2 });
  });
});

describe('violations', () => {
  const denial = (at: number) =>
    sampleLeaf(at, matrix, { route: 'shop-to-us', sink: 'us-lake', decisions: [sampleDenial()] });

  test('a denial opens one, repetitions count, an allowance resolves it, each told in the stream', async () => {
    await append(denial(1));
    now = new Date(now.getTime() + 1_000);
    await append(denial(2), denial(3));
    const [open] = await listStandingViolations(database.kysely, { after: 0n, limit: 10 });
    expect(open?.violation).toMatchObject({ occurrences: 3, rowsWithheld: 30, firstDecisionId: '1-0' });
    expect(await streamItems('violations')).toHaveLength(1);
    now = new Date(now.getTime() + 5_000);
    await append(denial(4));
    await append({ ...denial(5), decisions: [sampleLeafDecision()] });
    expect(await listStandingViolations(database.kysely, { after: 0n, limit: 10 })).toEqual([]);
    expect(await streamItems('violations')).toMatchObject([
      { type: 'raised', violation: { id: 'v1', status: 'OPEN', occurrences: 1 } },
      { type: 'updated', violation: { id: 'v1', occurrences: 4 } },
      { type: 'updated', violation: { id: 'v1', status: 'RESOLVED' } },
    ]);
    await append(denial(6));
    expect(await streamItems('violations')).toHaveLength(4);
  });

  test('an end and a new denial in one request are two violations', async () => {
    await append(denial(1));
    await append({ ...denial(2), decisions: [sampleLeafDecision()] }, denial(3));
    const standing = await listStandingViolations(database.kysely, { after: 0n, limit: 10 });
    expect(standing.map(({ violation }) => violation.id)).toEqual(['v2']);
  });

  test('when nothing is appended, nothing is counted', async () => {
    await append(denial(1));
    await append(denial(1));
    const [open] = await listStandingViolations(database.kysely, { after: 0n, limit: 10 });
    expect(open?.violation.occurrences).toBe(1);
  });
});

test('decisions of a dataset are listed by keyset, newest first, and fast among 5,000', async () => {
  for (let at = 0; at < 5_000; at += 500) {
    await append(...Array.from({ length: 500 }, (_, index) => sampleLeaf(at + index, matrix)));
  }
  await sql`analyze decision`.execute(database.kysely);
  const seen: bigint[] = [];
  let after: { seq: bigint; ordinal: number } | null = null;
  for (;;) {
    const [decisions = []] = await page(100, after);
    seen.push(...decisions.map((decision) => decision.seq));
    const last = decisions.at(-1);
    if (last === undefined) break;
    after = last;
  }
  expect(seen).toEqual(Array.from({ length: 5_000 }, (_, index) => BigInt(5_000 - index)));
  const { rows } = await sql<{ 'QUERY PLAN': string }>`
    explain select seq from decision
    where dataset_namespace = 'postgres://shop:5432' and dataset_name = 'shop.public.customers'
      and (seq, ordinal) < (2500, 0) order by seq desc, ordinal desc limit 20`.execute(database.kysely);
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toMatch(/Index.*Scan/);
  const began = performance.now();
  await page(20, { seq: 2_500n, ordinal: 0 });
  expect(performance.now() - began).toBeLessThan(250);
});
