import { randomBytes } from 'node:crypto';
import { PassThrough, pipeline } from 'node:stream';
import { type Lsn, parseLsn } from '@spine/kernel/lsn';
import { systemClock } from '@spine/platform/clock';
import { createLog } from '@spine/platform/log/create-log';
import { startPostgres, type TestPostgres } from '@spine/testkit/start-postgres';
import { createTestDatabase } from '@spine/testkit/test-database';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Change } from '../domain/change.ts';
import { type DemandedObligation, deliveredTable } from '../domain/delivered-table.ts';
import type { Batch, DeliveredTable } from '../domain/delivery.ts';
import type { Relation } from '../domain/relation.ts';
import { aTuple } from '../domain/tuple-builder.ts';
import { readTables } from '../source/read-catalog.ts';
import { createSourceSession } from '../source/source-session.ts';
import { createPostgresSink } from './postgres-sink.ts';
import { quoteTable } from './quote-name.ts';
import type { SinkSession } from './sink.ts';

/** Key of `hash` in tests. */
export const testKey = Buffer.from('the key of tests, thirty-two bytes');

/** Two databases for one test: where tables come from and where they go. */
export interface SinkPair {
  readonly sourceUrl: string;
  readonly sinkUrl: string;
  atSource<T extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<T[]>;
  atSink<T extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<T[]>;
  /** A session of a route whose checkpoint stands at 0/1. */
  open(route?: string, lockWaitMs?: number): Promise<SinkSession>;
  /** The delivered shape of a source table, read from its catalogue. */
  table(name: string, obligations?: readonly DemandedObligation[]): Promise<DeliveredTable>;
  /** Its rows (of a query, when given) as tuples in the order of the query. */
  tuples(name: string, where?: string): Promise<readonly Buffer[]>;
  /** Its rows as COPY binary. */
  copy(name: string): NodeJS.ReadableStream;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A batch for tests that ends at `end`. */
export function aBatch(end: string, ...tables: Batch['tables']): Batch {
  return {
    id: end,
    route: 'test',
    start: parseLsn('0/1'),
    end: parseLsn(end),
    tables,
    changeCount: tables.reduce((sum, { changes }) => sum + changes.length, 0),
  };
}

/** Inserts of these tuples, as changes. */
export function inserts(relation: Relation, tuples: readonly Buffer[]): readonly Change[] {
  return tuples.map((after) => ({ kind: 'insert', relation, after }));
}

/** Delivers and commits. */
export async function deliverAll(session: SinkSession, batch: Batch): Promise<void> {
  const delivery = await session.deliver(batch);
  await delivery.commit();
}

/** Copies a source table as a snapshot at `startLsn`. */
export async function copyAll(
  pair: SinkPair,
  session: SinkSession,
  table: DeliveredTable,
  startLsn: Lsn = parseLsn('0/2'),
): Promise<bigint> {
  const { rows } = await session.copyTable({
    table,
    startLsn,
    rows: pair.copy(table.relation.table),
    onProgress: () => undefined,
    beforeCommit: async () => undefined,
    signal: new AbortController().signal,
  });
  return rows;
}

/** Makes a pair in the run's shared Postgres; the sink on another server when its URL is given. */
export async function createSinkPair(sinkServer?: TestPostgres): Promise<SinkPair> {
  const source = await createTestDatabase();
  const sink = sinkServer === undefined ? await createTestDatabase() : await databaseOn(sinkServer);
  const pools = [source.url, sink.url].map((url) => new pg.Pool({ connectionString: url, max: 3 }));
  const [sourcePool, sinkPool] = pools;
  if (sourcePool === undefined || sinkPool === undefined) throw new Error('two pools are made');
  for (const pool of pools) pool.on('error', () => undefined);
  const catalogue = createSourceSession({ url: source.url, route: 'test' });
  const sinks: { close(): Promise<void> }[] = [];

  const pair: SinkPair = {
    sourceUrl: source.url,
    sinkUrl: sink.url,
    async atSource<T extends pg.QueryResultRow>(sql: string, values?: unknown[]) {
      return (await sourcePool.query<T>(sql, values)).rows;
    },
    async atSink<T extends pg.QueryResultRow>(sql: string, values?: unknown[]) {
      return (await sinkPool.query<T>(sql, values)).rows;
    },
    async open(route = 'test', lockWaitMs = 100) {
      const made = createPostgresSink({
        url: sink.url,
        route,
        log: createLog({ service: 'test', level: 'silent' }),
        clock: systemClock,
        lockWaitMs,
      });
      sinks.push(made);
      const session = await made.takeOver(new AbortController().signal);
      if (session.checkpoint === null) {
        await session.initialise({ lsn: parseLsn('0/1'), systemId: '1', timeline: 1, slot: 'spine_test' });
      }
      return session;
    },
    async table(name, obligations = []) {
      const [{ oid } = { oid: 0 }] = await pair.atSource<{ oid: number }>(`select $1::regclass::oid as oid`, [
        `public.${pg.escapeIdentifier(name)}`,
      ]);
      const [facts] = await readTables(catalogue.query, [oid]);
      if (facts === undefined) throw new Error(`there is no source table ${name}`);
      return deliveredTable(facts.relation, obligations, testKey, 1);
    },
    async tuples(name, where = '') {
      const relation = (await pair.table(name)).relation;
      const columns = relation.columns.map((column) => pg.escapeIdentifier(column.name)).join(', ');
      const client = await sourcePool.connect();
      try {
        const stream = client.query(
          copyTo(`copy (select ${columns} from ${quoteTable(relation)} ${where}) to stdout (format binary)`),
        );
        const chunks: Buffer[] = [];
        for await (const chunk of stream) chunks.push(chunk);
        return tuplesOfCopy(Buffer.concat(chunks));
      } finally {
        client.release();
      }
    },
    copy(name) {
      const out = new PassThrough();
      const client = new pg.Client({ connectionString: source.url });
      client.on('error', () => undefined);
      out.on('error', () => undefined);
      out.once('close', () => void client.end());
      const statement = `copy public.${pg.escapeIdentifier(name)} to stdout (format binary)`;
      client.connect().then(
        () => pipeline(client.query(copyTo(statement)), out, () => undefined),
        (error: Error) => out.destroy(error),
      );
      return out;
    },
    async [Symbol.asyncDispose]() {
      for (const made of sinks) await made.close();
      await catalogue.close();
      for (const pool of pools) await pool.end();
      await source.drop();
      await sink.drop();
    },
  };
  return pair;
}

/** Starts a Postgres 15 to be a sink, where there is one. */
export async function startSink15(): Promise<TestPostgres> {
  return await startPostgres({ version: '15' });
}

async function databaseOn(server: TestPostgres): Promise<{ url: string; drop(): Promise<void> }> {
  const name = `sink_${randomBytes(4).toString('hex')}`;
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  return { url: server.urlFor(name), drop: () => Promise.resolve() };
}

/** COPY binary as tuples of pgoutput: the values are the same bytes. */
function tuplesOfCopy(bytes: Buffer): readonly Buffer[] {
  const tuples: Buffer[] = [];
  for (let at = 19; ; ) {
    const count = bytes.readInt16BE(at);
    at += 2;
    if (count === -1) return tuples;
    const values: (Buffer | null)[] = [];
    for (let index = 0; index < count; index += 1) {
      const length = bytes.readInt32BE(at);
      at += 4;
      values.push(length < 0 ? null : bytes.subarray(at, at + length));
      at += Math.max(length, 0);
    }
    tuples.push(aTuple(...values));
  }
}
