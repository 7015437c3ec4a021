import { randomBytes } from 'node:crypto';
import { unreachable } from '@spine/kernel/invariant';
import { parseLsn } from '@spine/kernel/lsn';
import { systemClock } from '@spine/platform/clock';
import { createLog } from '@spine/platform/log/create-log';
import { findPostgres15, startPostgres, type TestPostgres } from '@spine/testkit/start-postgres';
import { createTestDatabase } from '@spine/testkit/test-database';
import pg from 'pg';
import type { SourceTransaction } from '../domain/change.ts';
import type { Relation } from '../domain/relation.ts';
import { columnKind, readColumn } from '../domain/tuple.ts';
import type { ChangeSource, ChangeStream } from './change-source.ts';
import { createPostgresSource, type PostgresSourceOptions } from './postgres-source.ts';

/** A database at a source for one test. */
export interface SourceDatabase {
  readonly url: string;
  readonly name: string;
  /** Runs statements as the superuser. */
  run<T extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<T[]>;
  /** A source on it; closed with the database. */
  source(options?: Partial<PostgresSourceOptions>): ChangeSource;
  /** Publishes the tables of the patterns, creates the slot and opens the stream there. */
  stream(
    patterns: readonly string[],
    options?: Partial<PostgresSourceOptions>,
  ): Promise<{ readonly source: ChangeSource; readonly stream: ChangeStream }>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A server version to run the same tests on. It starts when the first database is asked for. */
export interface SourceServer {
  readonly name: string;
  createDatabase(): Promise<SourceDatabase>;
  stop(): Promise<void>;
}

/** Every server version at hand; says which one is missing and why. */
export function sourceServers(): readonly [SourceServer, ...SourceServer[]] {
  if (findPostgres15() !== null) return [sharedServer(), server15()];
  process.stderr.write('not run on Postgres 15: it is not installed in /usr/lib/postgresql/15\n');
  return [sharedServer()];
}

function sharedServer(): SourceServer {
  return {
    name: 'embedded Postgres',
    async createDatabase() {
      const database = await createTestDatabase();
      return sourceDatabase(database.url, database.name, () => database.drop());
    },
    stop: () => Promise.resolve(),
  };
}

function server15(): SourceServer {
  let starting: Promise<TestPostgres> | null = null;
  return {
    name: 'Postgres 15',
    async createDatabase() {
      starting ??= startPostgres({ version: '15', settings: { wal_level: 'logical' } });
      const server = await starting;
      const name = `source_${randomBytes(6).toString('hex')}`;
      const admin = new pg.Client({ connectionString: server.url });
      await admin.connect();
      await admin.query(`create database ${name}`);
      await admin.end();
      // The server goes with its databases.
      return sourceDatabase(server.urlFor(name), name, () => Promise.resolve());
    },
    async stop() {
      await (await starting)?.stop();
    },
  };
}

/** Takes until everything that is committed now has been taken. */
export async function takeAll(database: SourceDatabase, stream: ChangeStream): Promise<SourceTransaction[]> {
  const [now] = await database.run<{ lsn: string }>('select pg_current_wal_insert_lsn()::text as lsn');
  // A commit that is flushed at once, so that the server has something to tell of.
  await database.run('create table if not exists marker (n int); insert into marker values (1)');
  const target = parseLsn(now?.lsn ?? '');
  const taken: SourceTransaction[] = [];
  const signal = AbortSignal.timeout(20_000);
  for (;;) {
    const take = await stream.take({ maxChanges: 1_000, maxBytes: 1 << 20, waitMs: 50 }, signal);
    taken.push(...take.transactions);
    if (take.position >= target) return taken;
  }
}

/** The values of a tuple as text, for comparison: numbers and text read, other binary forms in hex. */
export function valuesOf(relation: Relation, tuple: Buffer): readonly (string | null)[] {
  return relation.columns.map((column) => {
    const { kind, start, end } = readColumn(tuple, column.index);
    if (kind === columnKind.null) return null;
    if (kind === columnKind.unchanged) return '(unchanged)';
    if (kind === columnKind.text) return tuple.toString('utf8', start, end);
    switch (column.baseTypeOid ?? column.typeOid) {
      case 20:
        return String(tuple.readBigInt64BE(start));
      case 23:
        return String(tuple.readInt32BE(start));
      case 25:
        return tuple.toString('utf8', start, end);
      default:
        return tuple.toString('hex', start, end);
    }
  });
}

/** Changes in short: `insert a.b (1,x)`, `update K(1) -> (2,x)`. */
export function sayChanges(transactions: readonly SourceTransaction[]): readonly string[] {
  return transactions.flatMap(({ changes }) =>
    changes.map((change) => {
      const { relation } = change;
      const say = (tuple: Buffer): string => `(${valuesOf(relation, tuple).join(',')})`;
      switch (change.kind) {
        case 'insert':
          return `insert ${relation.table} ${say(change.after)}`;
        case 'update':
          return change.before === null
            ? `update ${relation.table} ${say(change.after)}`
            : `update ${relation.table} ${change.beforeKind}${say(change.before)} -> ${say(change.after)}`;
        case 'delete':
          return `delete ${relation.table} ${change.beforeKind}${say(change.before)}`;
        case 'truncate':
          return `truncate ${relation.table}${change.cascade ? ' cascade' : ''}`;
        default:
          return unreachable(change);
      }
    }),
  );
}

function sourceDatabase(url: string, name: string, drop: () => Promise<void>): SourceDatabase {
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  pool.on('error', () => undefined);
  const closers: (() => Promise<void>)[] = [];
  const source = (options: Partial<PostgresSourceOptions> = {}): ChangeSource => {
    const made = createPostgresSource({
      url,
      route: 'test',
      slotName: `slot_${name}`.slice(0, 63),
      publicationName: 'pub',
      log: createLog({ service: 'test', level: 'silent' }),
      clock: systemClock,
      heartbeatMs: 0,
      ...options,
    });
    closers.push(() => made.close());
    return made;
  };
  return {
    url,
    name,
    async run<T extends pg.QueryResultRow>(sql: string, values?: unknown[]) {
      const { rows } = await pool.query<T>(sql, values);
      return rows;
    },
    source,
    async stream(patterns, options) {
      const made = source(options);
      await made.publish(await made.listTables(patterns));
      const snapshot = await made.createSlot();
      await snapshot.release();
      const stream = await made.stream(snapshot.consistentPoint);
      closers.push(() => stream.close());
      return { source: made, stream };
    },
    async [Symbol.asyncDispose]() {
      for (const close of closers.reverse()) await close();
      await pool.query(
        'select pg_terminate_backend(active_pid) from pg_replication_slots where database = current_database() and active',
      );
      const cleaner = source();
      await cleaner.dropSlot();
      await cleaner.close();
      await pool.end();
      await drop();
    },
  };
}
