import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '@spine/platform/clock';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '@spine/platform/embedded/start-embedded-postgres';
import { createLog } from '@spine/platform/log/create-log';
import { eventually } from '@spine/testkit/eventually';
import { createRecordingLog } from '@spine/testkit/recording-log';
import pg from 'pg';
import { expect, test } from 'vitest';
import type { SourceTransaction } from '../domain/change.ts';
import { checkBoot } from './boot-checks.ts';
import type { ChangeStream } from './change-source.ts';
import { findPrimary } from './find-primary.ts';
import { createPostgresSource } from './postgres-source.ts';
import { sayChanges } from './source-servers-suite.ts';

const run = promisify(execFile);
const log = createRecordingLog();

/** A primary, and a standby that follows it by a copy of its files and keeps its failover slots. */
async function startPair() {
  const root = await mkdtemp(join(tmpdir(), 'spine-failover-'));
  await run('chmod', ['711', root]);
  const homes = { primary: join(root, 'primary'), standby: join(root, 'standby') };
  const primary = await startEmbeddedPostgres({
    home: homes.primary,
    log,
    settings: { fsync: false, synchronized_standby_slots: 'sb1', wal_sender_timeout: '10s' },
  });
  await sql(primary.url, `select pg_create_physical_replication_slot('sb1', true)`);
  await mkdir(join(homes.standby, 'postgres'), { recursive: true });
  const password = await readFile(join(homes.primary, 'postgres', 'password'));
  await writeFile(join(homes.standby, 'postgres', 'password'), password, { mode: 0o600 });
  const blank = await startEmbeddedPostgres({ home: homes.standby, log, settings: { fsync: false } });
  const data = await dataDirectory(blank.url);
  await blank.stop();
  await copyData(primary.url, data);
  const standby = await startEmbeddedPostgres({
    home: homes.standby,
    log,
    settings: {
      fsync: false,
      primary_conninfo: conninfo(primary.url),
      primary_slot_name: 'sb1',
      hot_standby_feedback: true,
      sync_replication_slots: true,
    },
  });
  return {
    primary,
    standby,
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([primary.stop(), standby.stop()]);
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function sql<T extends pg.QueryResultRow>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

async function dataDirectory(url: string): Promise<string> {
  const [row] = await sql<{ data_directory: string }>(url, 'show data_directory');
  return row?.data_directory ?? '';
}

/** A base backup by hand: there is no pg_basebackup beside the embedded server. */
async function copyData(primaryUrl: string, target: string): Promise<void> {
  const from = await dataDirectory(primaryUrl);
  const client = new pg.Client({ connectionString: primaryUrl });
  await client.connect();
  await client.query(`select pg_backup_start('standby', true)`);
  await rm(target, { recursive: true });
  // A file may vanish while it is copied; the WAL makes up for it.
  await run('cp', ['-a', from, target]);
  const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
  await client.end();
  await writeFile(join(target, 'backup_label'), rows[0]?.labelfile ?? '');
  await writeFile(join(target, 'standby.signal'), '');
  await run('sh', [
    '-c',
    'rm -rf "$1"/postmaster.* "$1"/pg_replslot/* && find "$1"/pg_wal -maxdepth 1 -type f -delete && chown --reference="$1" "$1"/backup_label "$1"/standby.signal',
    'sh',
    target,
  ]);
}

function conninfo(url: string): string {
  const { hostname, port, username, password } = new URL(url);
  return `host=${hostname} port=${port} user=${username} password=${decodeURIComponent(password)} dbname=postgres application_name=sb1`;
}

function sourceAt(url: string) {
  return createPostgresSource({
    url,
    route: 'test',
    slotName: 'spine_test',
    publicationName: 'spine_test',
    log: createLog({ service: 'test', level: 'silent' }),
    clock: systemClock,
    heartbeatMs: 200,
    failover: true,
  });
}

async function takeUntil(stream: ChangeStream, count: number): Promise<SourceTransaction[]> {
  const taken: SourceTransaction[] = [];
  const signal = AbortSignal.timeout(30_000);
  while (taken.length < count) {
    const take = await stream.take({ maxChanges: 100, maxBytes: 1 << 20, waitMs: 100 }, signal);
    taken.push(...take.transactions);
    stream.acknowledge(take.position);
  }
  return taken;
}

test('after a primary is lost and its standby promoted, the stream goes on there with nothing lost or doubled', async () => {
  await using pair = await startPair();
  const { primary, standby } = pair;
  await primary.createDatabase('shop');
  const at = (server: EmbeddedPostgres) => server.urlFor('shop');
  await sql(at(primary), 'create table item (id int8 primary key)');
  const addresses = [
    { url: at(primary), route: 'test' },
    { url: at(standby), route: 'test' },
  ] as const;
  expect(await findPrimary(addresses)).toBe(addresses[0]);
  expect(await findPrimary([addresses[1], addresses[0]])).toBe(addresses[0]);

  const source = sourceAt(at(primary));
  await source.publish(await source.listTables(['public.item']));
  const snapshot = await source.createSlot();
  await snapshot.release();
  const before = await source.identify();
  const stream = await source.stream(snapshot.consistentPoint);
  for (let id = 1; id <= 5; id += 1) await sql(at(primary), `insert into item values (${id})`);
  const delivered = await takeUntil(stream, 5);
  await eventually(
    async () => {
      // An idle source moves the slot by heartbeats; the standby keeps it once it has passed the standby's own start.
      await stream
        .take({ maxChanges: 1, maxBytes: 1, waitMs: 10 }, AbortSignal.timeout(5_000))
        .then(({ position }) => stream.acknowledge(position));
      await sql(primary.url, 'select pg_log_standby_snapshot()');
      expect(
        await sql(
          standby.url,
          `select synced and not temporary and failover and invalidation_reason is null as ready from pg_replication_slots where slot_name = 'spine_test'`,
        ),
      ).toEqual([{ ready: true }]);
    },
    { timeoutMs: 60_000, everyMs: 500 },
  );
  await stream.close();
  await source.close();

  for (let id = 6; id <= 9; id += 1) await sql(at(primary), `insert into item values (${id})`);
  await eventually(async () =>
    expect(await sql(at(standby), 'select count(*)::int as n from item')).toEqual([{ n: 9 }]),
  );
  process.kill(primary.pid, 'SIGKILL');
  await sql(standby.url, 'select pg_promote()');
  await eventually(async () => expect(await findPrimary(addresses)).toBe(addresses[1]));

  const promoted = sourceAt(at(standby));
  const identity = await promoted.identify();
  const checkpoint = delivered.at(-1)?.endLsn ?? snapshot.consistentPoint;
  expect(identity.timeline).toBe(before.timeline + 1);
  const slot = await promoted.findSlot();
  const acknowledged = slot?.confirmedFlush ?? checkpoint;
  checkBoot({
    route: 'test',
    identity,
    slot,
    checkpoint: {
      // What the sink recorded last: never behind what was acknowledged.
      lsn: acknowledged > checkpoint ? acknowledged : checkpoint,
      systemId: before.systemId,
      timeline: before.timeline,
      slot: 'spine_test',
    },
  });
  await sql(at(standby), 'insert into item values (10)');
  const resumed = await promoted.stream(acknowledged > checkpoint ? acknowledged : checkpoint);
  const rest = await takeUntil(resumed, 5);
  expect(sayChanges([...delivered, ...rest])).toEqual(
    Array.from({ length: 10 }, (_, index) => `insert item (${index + 1})`),
  );
  await resumed.close();
  await promoted.close();
}, 180_000);
