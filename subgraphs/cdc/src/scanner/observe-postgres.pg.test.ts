import { findPostgres15, startPostgres } from '@spine/testkit/start-postgres';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WatchedEndpoint } from '../domain/scan/watched-endpoint.ts';
import { aspectQueries } from './aspect-queries.ts';
import { observePostgres } from './observe-postgres.ts';

const endpoint: WatchedEndpoint = {
  kind: 'sink',
  name: 'lake',
  type: 'postgres',
  url: 'env:LAKE',
  brokers: [],
  topicPrefix: '',
  iam: null,
  quarantine: 'shadow',
  adminUrl: null,
  consumers: [],
};
const mark = `t${process.pid}${Date.now().toString(36)}`;

async function run(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

describe('a Postgres of ours', () => {
  let lake: TestDatabase;
  beforeAll(async () => {
    lake = await createTestDatabase();
    await run(lake.url, `create role plain_${mark} login password 'x'`);
  });
  afterAll(async () => {
    await run(lake.url, `drop role plain_${mark}`);
    await lake?.drop();
  });

  test('everything is observed at a sink; subscriptions are none of a source’s', async () => {
    const atSink = await observePostgres(endpoint, lake.url);
    expect(new Set(atSink.observed.map(({ kind }) => kind))).toEqual(
      new Set(aspectQueries.map(({ kind }) => kind)),
    );
    expect(atSink.unobserved).toEqual([]);
    const atSource = await observePostgres({ ...endpoint, kind: 'source' }, lake.url);
    expect(atSource.observed.map(({ kind }) => kind)).not.toContain('subscription');
  });

  test('a login that may not see who replicates says what to grant, and sees everything else', async () => {
    const url = new URL(lake.url);
    Object.assign(url, { username: `plain_${mark}`, password: 'x' });
    const { role, observed, unobserved } = await observePostgres(endpoint, url.toString());
    expect(role).toBe(`plain_${mark}`);
    expect(unobserved).toEqual([
      { kind: 'walsender', reason: `grant pg_read_all_stats to the role plain_${mark}` },
    ]);
    expect(new Set(observed.map(({ kind }) => kind)).size).toBe(aspectQueries.length - 1);
  });

  test('a physical walsender is seen by role, application and address, wherever in the server it is', async () => {
    const application_name = `standby_${mark}`;
    const standby = new pg.Client({
      connectionString: lake.url,
      application_name,
      ...{ replication: 'true' },
    });
    await standby.connect();
    const { sightings } = await observePostgres(endpoint, lake.url);
    await standby.end();
    const [seen] = sightings.filter(({ name }) => name.includes(application_name));
    expect(seen).toMatchObject({ kind: 'walsender', details: { application: application_name, slot: null } });
    expect(seen?.place).toMatch(/^server \d+$/);
  });
});

if (findPostgres15() === null) {
  process.stderr.write(
    'Postgres 15 is not installed: what the scanner asks is checked on one version only\n',
  );
}
test.skipIf(findPostgres15() === null)('a Postgres 15 is asked the same', async () => {
  const old = await startPostgres({ version: '15', settings: { wal_level: 'logical' } });
  try {
    await run(old.url, `select pg_create_logical_replication_slot('tap', 'pgoutput')`);
    await run(old.url, `create publication offer for all tables`);
    const { sightings, unobserved } = await observePostgres(endpoint, old.url);
    expect(unobserved).toEqual([]);
    expect(sightings.map(({ kind, name }) => `${kind} ${name}`)).toEqual(
      expect.arrayContaining(['slot tap', 'publication offer', 'published_table offer: every table']),
    );
  } finally {
    await old.stop();
  }
});
