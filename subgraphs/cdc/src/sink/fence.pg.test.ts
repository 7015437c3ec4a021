import { type Lsn, parseLsn } from '@spine/kernel/lsn';
import { systemClock } from '@spine/platform/clock';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Change } from '../domain/change.ts';
import { deliveredTable } from '../domain/delivered-table.ts';
import type { Batch } from '../domain/delivery.ts';
import { aColumn, aRelation } from '../domain/relation-builder.ts';
import { aTuple, int8 } from '../domain/tuple-builder.ts';
import { createPostgresSink } from './postgres-sink.ts';
import { FencedOut } from './sink.ts';

// The right to write: raised by whoever takes over, checked by every statement, so that a stale worker changes nothing.
const relation = aRelation({
  table: 'orders',
  columns: [aColumn(), aColumn({ name: 'note', typeOid: 25, typeText: 'text', typeCategory: 'S' })],
});
const table = deliveredTable(relation, [], null, 1);
const row = (id: bigint, note: string): Buffer => aTuple(int8(id), Buffer.from(note));
const insert = (id: bigint, note: string): Change => ({ kind: 'insert', relation, after: row(id, note) });
const batch = (end: string, ...changes: Change[]): Batch => ({
  id: end,
  route: 'r',
  start: parseLsn('0/1'),
  end: parseLsn(end),
  tables: [{ table, changes }],
  changeCount: changes.length,
});

let database: TestDatabase;
let reader: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  reader = new pg.Client({ connectionString: database.url });
  await reader.connect();
});
afterAll(async () => {
  await reader.end();
  await database.drop();
});
beforeEach(async () => {
  await reader.query('drop schema if exists _spine cascade; drop table if exists public.orders');
});

const sink = () =>
  createPostgresSink({ url: database.url, route: 'r', log: createRecordingLog(), clock: systemClock });
const rows = async () => (await reader.query('select id::text, note from orders order by id')).rows;
const first = { lsn: parseLsn('0/1') as Lsn, systemId: '1', timeline: 1, slot: 's' };

/** A session that has taken over and prepared its table. */
async function leader() {
  const side = sink();
  const session = await side.takeOver(new AbortController().signal);
  await session.initialise(first);
  await session.prepareTable(table);
  return { side, session };
}

/** What a new worker does after the lock was lost (a pooler, a failover): it raises the epoch by itself. */
async function raiseEpoch(): Promise<void> {
  await reader.query('update _spine.checkpoint set epoch = epoch + 1');
}

describe('the fence', () => {
  test('a leader frozen before its apply, then overtaken, changes no row and is told so (R35)', async () => {
    const { side, session } = await leader();
    await (await session.deliver(batch('0/10', insert(1n, 'mine')))).commit();
    await raiseEpoch();
    await expect(session.deliver(batch('0/20', insert(2n, 'stale'), insert(1n, 'stale')))).rejects.toThrow(
      FencedOut,
    );
    expect(await rows()).toEqual([{ id: '1', note: 'mine' }]);
    await side.close();
  });

  test('a truncate of an overtaken leader empties nothing', async () => {
    const { side, session } = await leader();
    await (await session.deliver(batch('0/10', insert(1n, 'mine')))).commit();
    await raiseEpoch();
    const truncate: Change = { kind: 'truncate', relation, cascade: false };
    await expect(session.deliver(batch('0/20', truncate))).rejects.toThrow(FencedOut);
    expect(await rows()).toHaveLength(1);
    await side.close();
  });

  test('whoever would raise the epoch waits for the batch that is under way', async () => {
    const { side, session } = await leader();
    const delivery = await session.deliver(batch('0/10', insert(1n, 'mine')));
    const raising = raiseEpoch();
    const early = await Promise.race([
      raising.then(() => true),
      new Promise((done) => setTimeout(() => done(false), 300)),
    ]);
    expect(early).toBe(false);
    await delivery.commit();
    await raising;
    expect(await rows()).toHaveLength(1);
    await side.close();
  });

  test('a batch whose end the checkpoint has passed is not applied again', async () => {
    const { side, session } = await leader();
    await (await session.deliver(batch('0/10', insert(1n, 'once')))).commit();
    await expect(session.deliver(batch('0/10', insert(1n, 'twice')))).rejects.toThrow(FencedOut);
    expect(await rows()).toEqual([{ id: '1', note: 'once' }]);
    await side.close();
  });

  test('what was applied and not committed is gone when the worker is killed; the next one reads the old checkpoint', async () => {
    const { side, session } = await leader();
    await (await session.deliver(batch('0/10', insert(1n, 'kept')))).commit();
    await session.deliver(batch('0/20', insert(2n, 'lost')));
    await reader.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'spine r'`,
    );
    const next = sink();
    const taken = await next.takeOver(new AbortController().signal);
    expect(taken.checkpoint).toMatchObject({ lsn: parseLsn('0/10'), changes: 1n });
    expect(await rows()).toEqual([{ id: '1', note: 'kept' }]);
    await side.close();
    await next.close();
  });

  test('the checkpoint counts source changes, before they are reduced to one per key', async () => {
    const { side, session } = await leader();
    await (await session.deliver(batch('0/10', insert(1n, 'a'), insert(2n, 'b')))).commit();
    const update: Change = { kind: 'update', relation, after: row(1n, 'c'), before: null, beforeKind: null };
    await (await session.deliver(batch('0/20', update, update))).commit();
    const { rows: counted } = await reader.query('select changes::text, lsn::text from _spine.checkpoint');
    expect(counted).toEqual([{ changes: '4', lsn: '0/20' }]);
    await side.close();
  });
});
