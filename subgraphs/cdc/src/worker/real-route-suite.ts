import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compilePolicy } from '@spine/kernel/residency/compile-policy';
import { systemClock } from '@spine/platform/clock';
import { createLog } from '@spine/platform/log/create-log';
import { eventually } from '@spine/testkit/eventually';
import { createTestDatabase } from '@spine/testkit/test-database';
import pg from 'pg';
import { expect } from 'vitest';
import type { Batch } from '../domain/delivery.ts';
import type { Route } from '../domain/endpoint.ts';
import type { Leaf } from '../domain/leaf.ts';
import { memoryContext } from '../pipeline/memory-context.ts';
import { memoryFeed, memoryLeaves } from '../pipeline/memory-route.ts';
import type { RouteContext } from '../pipeline/route-context.ts';
import type { RouteProgress } from '../pipeline/route-progress.ts';
import { runRoute } from '../pipeline/run-route.ts';
import { createPostgresSink } from '../sink/postgres-sink.ts';
import type { SinkSession } from '../sink/sink.ts';
import type { SourceDatabase, SourceServer } from '../source/source-servers-suite.ts';
import type { RouteTable } from '../store/route-tables.ts';

/** A whole route from a real source to a real sink, for tests; only registry, ledger and the worker's own store are in memory. */
export interface RealRoute {
  readonly source: SourceDatabase;
  atSink<T extends pg.QueryResultRow>(sql: string): Promise<T[]>;
  /** What was written to the ledger by runs that were stopped. */
  readonly leaves: readonly Leaf[];
  /** What the sink was given, in order. */
  readonly batches: readonly Batch[];
  run(options?: RunOptions): RunningRoute;
  setStartsAnew(value: boolean): void;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface RunOptions {
  /** Stands between the route and its sink. */
  readonly wrap?: (session: SinkSession) => SinkSession;
  readonly route?: Partial<Route>;
}

/** One start of the route. */
export interface RunningRoute {
  readonly tables: ReadonlyMap<string, RouteTable>;
  readonly progress: RouteProgress;
  /** Rejects with what ended the run by itself. */
  readonly ended: Promise<void>;
  /** Drains it, and resolves however it ended. */
  stop(): Promise<void>;
}

const policy = compilePolicy({
  regions: [],
  sources: [
    { name: 'shop', region: 'eu-central-1', namespace: 'postgres://h:1', database: 'shop', owner: 'a' },
  ],
  sinks: [
    {
      name: 'warehouse',
      type: 'postgres',
      region: 'eu-central-1',
      namespace: 'postgres://h:1',
      database: 'warehouse',
      owner: 'a',
      purpose: 'analytics',
      retention: 'P1D',
      iam: 'w',
    },
  ],
  classification: [{ dataset: 'shop.public.*', class: 'internal' }],
  residency: { rules: [{ id: 'all', effect: 'allow', match: {}, rationale: 'test' }], exceptions: [] },
});
/** Makes both ends: 100 rows in `item`, none in `journal`. */
export async function createRealRoute(server: SourceServer): Promise<RealRoute> {
  const source = await server.createDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'spine-spool-'));
  const sink = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: sink.url, max: 2 });
  pool.on('error', () => undefined);
  await source.run(`alter database ${source.name} set logical_decoding_work_mem = '64kB'`);
  await source.run(`
    create table item (id int8 primary key, note text);
    create table journal (line text);
    insert into item select n, 'old' from generate_series(1, 100) as n`);
  const leaves: Leaf[] = [];
  const batches: Batch[] = [];
  let startsAnew = false;
  const atSink = async <T extends pg.QueryResultRow>(sql: string) => (await pool.query<T>(sql)).rows;

  function run({ wrap = (session) => session, route = {} }: RunOptions = {}): RunningRoute {
    const stop = new AbortController();
    const { queue, leaves: written } = memoryLeaves([]);
    const { context, tables } = memoryContext({
      clock: systemClock,
      leaves: queue,
      policyFeed: memoryFeed(policy),
    });
    const log = createLog({ service: 'test', level: 'silent' });
    const postgres = createPostgresSink({
      url: sink.url,
      route: 'shop-to-warehouse',
      log,
      clock: systemClock,
    });
    const whole: RouteContext = {
      ...context,
      route: { ...context.route, ...route },
      signal: stop.signal,
      memory: {
        ...context.memory,
        startsAnew: async () => startsAnew,
        async setStartsAnew(value) {
          startsAnew = value;
        },
      },
      limits: { ...context.limits, waitMs: 20, idleAdvanceMs: 100 },
      source: source.source({ spoolFolder: folder, spoolAbove: 50_000 }),
      sink: {
        ...postgres,
        async takeOver(signal) {
          const session = wrap(await postgres.takeOver(signal));
          return {
            ...session,
            async deliver(batch) {
              batches.push(batch);
              return await session.deliver(batch);
            },
          };
        },
      },
      slotName: `slot_${source.name}`.slice(0, 63),
    };
    const running = runRoute(whole);
    running.catch(() => undefined);
    return {
      tables,
      ended: running,
      progress: context.progress,
      async stop() {
        stop.abort();
        await Promise.allSettled([running]);
        leaves.push(...written);
        await Promise.allSettled([whole.source.close(), whole.sink.close()]);
      },
    };
  }

  return {
    source,
    atSink,
    leaves,
    batches,
    run,
    setStartsAnew(value) {
      startsAnew = value;
    },
    async [Symbol.asyncDispose]() {
      await pool.end();
      await rm(folder, { recursive: true, force: true });
      await source[Symbol.asyncDispose]();
      await sink.drop();
    },
  };
}

const content = `select count(*)::int as n, coalesce(md5(string_agg(id || ':' || note, ',' order by id)), '') as digest from item`;

/** Waits until both tables are the same at both ends. */
export async function untilEqual({ source, atSink }: RealRoute): Promise<void> {
  await eventually(
    async () => {
      expect(await atSink(content)).toEqual(await source.run(content));
      expect(await atSink('select count(*)::int as n from journal')).toEqual(
        await source.run('select count(*)::int as n from journal'),
      );
    },
    { timeoutMs: 30_000 },
  );
}
