import { Problem } from '@spine/kernel/problem';
import { systemClock } from '@spine/platform/clock';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { afterAll, describe, expect, test } from 'vitest';
import { tableKey } from '../domain/relation.ts';
import { createPostgresSource } from './postgres-source.ts';
import { type SourceDatabase, sourceServers } from './source-servers-suite.ts';

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Problem) return error;
  throw error;
}

/** What each publication of the database says. */
async function publications(database: SourceDatabase): Promise<Record<string, unknown>> {
  const rows = await database.run<{ pubname: string; publish: string; tables: string }>(
    `select pubname, concat_ws(',', case when pubinsert then 'i' end, case when pubupdate then 'u' end,
                               case when pubdelete then 'd' end, case when pubtruncate then 't' end) as publish,
            coalesce((select string_agg(tablename, ',' order by tablename) from pg_publication_tables as t
                      where t.pubname = p.pubname), '') as tables
     from pg_publication as p order by pubname`,
  );
  return Object.fromEntries(rows.map((row) => [row.pubname, `${row.publish} ${row.tables}`]));
}

/** A role that may log in and replicate and nothing more; the URL that it logs in with. */
async function aRole(database: SourceDatabase, grants: (role: string) => string): Promise<string> {
  const role = `role_${database.name}`.slice(0, 60);
  await database.run(`create role ${role} login replication password 'test'; ${grants(role)}`);
  const url = new URL(database.url);
  url.username = role;
  url.password = 'test';
  return url.href;
}

describe.each(sourceServers())('tables and publications of a source, $name', (server) => {
  afterAll(server.stop);

  test('patterns find ordinary and partitioned tables with their keys and rows', async () => {
    await using database = await server.createDatabase();
    await database.run(`
      create schema app;
      create table app.item (b int8, a int8, note text, primary key (a, b));
      create table app.journal (line text);
      create table app.event (id int8, at date, primary key (id, at)) partition by range (at);
      create table app.event_2026 partition of app.event for values from ('2026-01-01') to ('2027-01-01');
      create table app.full_keyless (line text);
      alter table app.full_keyless replica identity full;
      create table app.deferred (id int8 primary key deferrable);
      create unlogged table app.scratch (id int8 primary key);
      create view app.look as select 1 as one;
      create table public.other (id int8 primary key);
      insert into app.item values (1, 2, 'x'), (1, 3, 'y')`);
    const log = createRecordingLog();
    const source = createPostgresSource({
      url: database.url,
      route: 'test',
      slotName: 'unused',
      publicationName: 'unused',
      log: { ...log, child: () => Object.assign({}, log, { child: () => expect.fail() }) },
      clock: systemClock,
      heartbeatMs: 0,
    });
    const tables = await source.listTables(['app.*']);
    await source.close();
    expect(
      tables.map(({ relation, estimatedRows }) => [tableKey(relation), relation.key, estimatedRows]),
    ).toEqual([
      ['app.deferred', [], 0],
      ['app.event', [0, 1], 0],
      ['app.full_keyless', [], 0],
      ['app.item', [1, 0], 2],
      ['app.journal', [], 0],
    ]);
    expect(log.entries.map(({ fields }) => fields)).toContainEqual(
      expect.objectContaining({ event: 'table.skipped', table: 'app.scratch' }),
    );
    expect(log.entries.map(({ fields }) => fields)).toContainEqual(
      expect.objectContaining({
        event: 'table.insert_only',
        table: 'app.journal',
        code: 'TABLE_WITHOUT_IDENTITY',
        fix: expect.stringContaining('alter table "app"."journal" replica identity'),
      }),
    );
  });

  test.each([
    ['public.itme', 'NOT_FOUND', 'Did you mean public.item?'],
    ['public.scratch', 'NOT_SUPPORTED', 'set logged'],
    ['public.event_eu', 'NOT_SUPPORTED', 'Name the partitioned table'],
    ['item', 'CONFIG_INVALID', 'schema.table'],
  ])('%s is refused with %s', async (pattern, code, fix) => {
    await using database = await server.createDatabase();
    await database.run(`
      create table item (id int8 primary key);
      create unlogged table scratch (id int8 primary key);
      create table event (id int8, region text, primary key (id, region)) partition by list (region);
      create table event_eu partition of event for values in ('eu')`);
    const problem = await problemOf(database.source().listTables([pattern]));
    expect(problem.code).toBe(code);
    expect(problem.fix).toContain(fix);
  });

  test('both publications follow the tables, and stand still when nothing changes', async () => {
    await using database = await server.createDatabase();
    await database.run(`
      create table item (id int8 primary key);
      create table journal (line text)`);
    const source = database.source();
    await source.publish(await source.listTables(['public.item']));
    expect(await publications(database)).toEqual({ pub: 'i,u,d,t item', pub_insert: 'i,t ' });
    await source.publish(await source.listTables(['public.*']));
    expect(await publications(database)).toEqual({ pub: 'i,u,d,t item', pub_insert: 'i,t journal' });
    const version = 'select array_agg(xmin::text order by oid) as x from pg_publication';
    const before = await database.run(version);
    await source.publish(await source.listTables(['public.*']));
    expect(await database.run(version)).toEqual(before);
    await database.run('alter table journal add column id int8 primary key');
    await source.publish(await source.listTables(['public.*']));
    expect(await publications(database)).toEqual({ pub: 'i,u,d,t item,journal', pub_insert: 'i,t ' });
    await source.publish([]);
    expect(await publications(database)).toEqual({});
  });

  test('a publication that somebody else made too wide or too narrow is set right', async () => {
    await using database = await server.createDatabase();
    await database.run(`
      create table item (id int8 primary key, name text);
      create table journal (line text);
      insert into journal values ('a');
      create publication pub for all tables;
      create publication pub_insert for table item with (publish = 'insert')`);
    const source = database.source();
    await source.publish(await source.listTables(['public.*']));
    expect(await publications(database)).toEqual({ pub: 'i,u,d,t item', pub_insert: 'i,t journal' });
    await database.run(`update journal set line = 'b'`);
    await database.run('alter publication pub set table item (id)');
    await source.publish(await source.listTables(['public.*']));
    expect(await database.run('select prattrs from pg_publication_rel where prattrs is not null')).toEqual(
      [],
    );
  });

  test('an identity that is lost between listing and publishing is seen', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8 primary key, name text); insert into item values (1)');
    const source = database.source();
    const listed = await source.listTables(['public.item']);
    await database.run('alter table item drop constraint item_pkey');
    await source.publish(listed);
    await database.run(`update item set name = 'a'`);
    expect(await publications(database)).toEqual({ pub: 'i,u,d,t ', pub_insert: 'i,t item' });
  });

  test('partitions that identify rows in another way than their root make it insert-only', async () => {
    await using database = await server.createDatabase();
    await database.run(`
      create table event (id int8, region text, primary key (id, region)) partition by list (region);
      create table event_eu partition of event for values in ('eu');
      alter table event_eu replica identity nothing;
      insert into event values (1, 'eu')`);
    const source = database.source();
    const tables = await source.listTables(['public.event']);
    expect(tables[0]?.relation.key).toEqual([]);
    await source.publish(tables);
    await database.run('update event set id = 2; delete from event');
  });

  test('a role that may not publish is told the exact statement', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8 primary key)');
    const url = await aRole(database, (role) => `grant select on item to ${role}`);
    const source = database.source({ url });
    const role = new URL(url).username;
    const tables = await source.listTables(['public.item']);
    const first = await problemOf(source.publish(tables));
    expect(first).toMatchObject({ code: 'SOURCE_PRIVILEGE' });
    const grant = `grant create on database "${database.name}" to "${role}"`;
    expect(first.fix).toContain(grant);
    await database.run(grant);
    const second = await problemOf(source.publish(tables));
    expect(second.message).toContain('does not own public.item');
    const statement = /As a superuser run: (.*) \(or:/.exec(second.fix ?? '')?.[1] ?? '';
    expect(statement).toContain('create publication "pub" for table only "public"."item"');
    await database.run(statement);
    await source.publish(tables);
    expect(await publications(database)).toEqual({ pub: 'i,u,d,t item', pub_insert: 'i,t ' });
    await source.close();
    await database.run('drop publication pub, pub_insert');
    await database.run(`drop owned by ${role}`);
    await database.run(`drop role ${role}`);
  });

  test('a role that may not read, or that row-level security keeps from rows, cannot copy', async () => {
    await using database = await server.createDatabase();
    await database.run(`
      create table item (id int8 primary key);
      create table hidden (id int8 primary key);
      alter table hidden enable row level security`);
    const url = await aRole(database, (role) => `grant select on hidden to ${role}`);
    const role = new URL(url).username;
    const source = database.source({ url });
    const [hidden, item] = await source.listTables(['public.hidden', 'public.item']);
    if (hidden === undefined || item === undefined) throw new Error('tables are missing');
    const snapshot = await source.exportSnapshot();
    const never = new AbortController().signal;
    const unread = await problemOf(source.copyTable(item.relation, snapshot.name, never));
    expect(unread).toMatchObject({ code: 'SOURCE_PRIVILEGE' });
    expect(unread.fix).toContain(`grant select on "public"."item" to "${role}"`);
    const filtered = await problemOf(source.copyTable(hidden.relation, snapshot.name, never));
    expect(filtered.fix).toContain(`alter role "${role}" bypassrls`);
    await snapshot.release();
    await source.close();
    await database.run(`drop owned by ${role}; drop role ${role}`);
  });

  test('a role without the replication right, a wrong password and a wrong address are told apart', async () => {
    await using database = await server.createDatabase();
    const url = await aRole(database, (role) => `alter role ${role} noreplication`);
    const role = new URL(url).username;
    const unprivileged = await problemOf(database.source({ url }).identify());
    expect(unprivileged).toMatchObject({ code: 'SOURCE_PRIVILEGE' });
    expect(unprivileged.fix).toContain(`alter role "${role}" replication`);
    await database.run(`drop role ${role}`);
    const missing = new URL(database.url);
    missing.pathname = '/nowhere';
    expect(await problemOf(database.source({ url: missing.href }).identify())).toMatchObject({
      code: 'SOURCE_UNREACHABLE',
    });
    const closed = new URL(database.url);
    closed.port = '1';
    const unreachable = await problemOf(database.source({ url: closed.href }).identify());
    expect(unreachable.code).toBe('SOURCE_UNREACHABLE');
    expect(unreachable.message).toContain('ECONNREFUSED');
    expect(unreachable.message).not.toContain(closed.password || 'postgres:');
  });

  test('a slot is made, found and dropped; to drop what is not there is well', async () => {
    await using database = await server.createDatabase();
    await database.run('create table item (id int8 primary key)');
    const source = database.source();
    expect(await source.findSlot()).toBeNull();
    await source.publish(await source.listTables(['public.item']));
    const snapshot = await source.createSlot();
    await snapshot.release();
    const slot = await source.findSlot();
    expect(slot).toMatchObject({
      active: false,
      plugin: 'pgoutput',
      walStatus: 'reserved',
      invalidationReason: null,
    });
    expect(slot?.confirmedFlush).toBe(snapshot.consistentPoint);
    const identity = await source.identify();
    expect(identity).toMatchObject({ database: database.name, timeline: 1, timelineSwitches: [] });
    expect(identity.flushPosition).toBeGreaterThanOrEqual(snapshot.consistentPoint);
    await source.dropSlot();
    await source.dropSlot();
    expect(await source.findSlot()).toBeNull();
  });
});
