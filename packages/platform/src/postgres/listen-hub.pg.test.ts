import { eventually } from '@spine/testkit/eventually';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDatabase, type Database } from './create-database.ts';
import { listen } from './listen.ts';
import { createListenHub, type ListenHub } from './listen-hub.ts';

let testDatabase: TestDatabase;
let database: Database<unknown>;
let hub: ListenHub;

beforeEach(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({ url: testDatabase.url, schema: 'lab', log: createRecordingLog() });
  hub = createListenHub(database, createRecordingLog());
});
afterEach(async () => {
  await hub.close();
  await database.close();
  await testDatabase.drop();
});

const notify = (channel: string, payload: string): Promise<unknown> =>
  sql`select pg_notify(${channel}, ${payload})`.execute(database.kysely);
const listening = async (): Promise<unknown[]> => {
  const { rows } = await sql`
    select pid from pg_stat_activity where application_name = 'spine-listen' and datname = current_database()`.execute(
    database.kysely,
  );
  return rows;
};

test('every listener hears its channel over one connection, after a first null', async () => {
  const heard: [string, string | null][] = [];
  hub.subscribe('a', (payload) => heard.push(['a1', payload]));
  hub.subscribe('a', (payload) => heard.push(['a2', payload]));
  hub.subscribe('b.Quoted "name"', (payload) => heard.push(['b', payload]));
  await eventually(() =>
    expect(heard.map(([who]) => who)).toEqual(expect.arrayContaining(['a1', 'a2', 'b'])),
  );
  expect(heard.every(([, payload]) => payload === null)).toBe(true);
  heard.length = 0;
  await notify('a', 'x');
  await notify('b.Quoted "name"', 'y');
  await eventually(() =>
    expect(heard).toEqual([
      ['a1', 'x'],
      ['a2', 'x'],
      ['b', 'y'],
    ]),
  );
  expect(await listening()).toHaveLength(1);
});

test('one who left hears nothing more, the others do', async () => {
  const heard: string[] = [];
  const leave = hub.subscribe('a', (payload) => heard.push(`left ${payload}`));
  hub.subscribe('a', (payload) => heard.push(`stays ${payload}`));
  await eventually(() => expect(heard.length).toBeGreaterThanOrEqual(2));
  leave();
  leave();
  heard.length = 0;
  await notify('a', 'x');
  await eventually(() => expect(heard).toEqual(['stays x']));
});

test('after a lost connection every listener is told to look again', async () => {
  const heard: (string | null)[] = [];
  hub.subscribe('a', (payload) => heard.push(payload));
  await eventually(() => expect(heard).toEqual([null]));
  await sql`
    select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'spine-listen'
      and datname = current_database()`.execute(database.kysely);
  await eventually(() => expect(heard).toEqual([null, null]));
  await notify('a', 'again');
  await eventually(() => expect(heard).toEqual([null, null, 'again']));
});

test('a hub without subscriptions opens nothing, a closed one leaves nothing', async () => {
  expect(await listening()).toHaveLength(0);
  const heard: unknown[] = [];
  hub.subscribe('a', (payload) => heard.push(payload));
  await eventually(() => expect(heard).toHaveLength(1));
  await hub.close();
  await eventually(async () => expect(await listening()).toHaveLength(0));
});

test('listen ends when its signal aborts, connected or not', async () => {
  const heard: (string | null)[] = [];
  const stop = new AbortController();
  const log = createRecordingLog();
  const running = listen({
    url: testDatabase.url,
    channel: 'a',
    onNotify: (payload) => heard.push(payload),
    signal: stop.signal,
    log,
  });
  await eventually(() => expect(heard).toEqual([null]));
  stop.abort();
  await running;
  expect(await listening()).toHaveLength(0);

  const unreachable = new AbortController();
  const never = listen({
    url: 'postgres://nobody@127.0.0.1:1/x',
    channel: 'a',
    onNotify: () => undefined,
    signal: unreachable.signal,
    log,
  });
  await eventually(() => expect(log.entries.length).toBeGreaterThan(1));
  unreachable.abort();
  await never;
});
