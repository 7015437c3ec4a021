import { eventually } from '@spine/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from './ask.ts';
import { contentOf, runSql } from './content-hash.ts';
import { withoutEmbedded } from './shop-stage.ts';
import { type Stage, type StageSetting, startCompose, startUp } from './stage.ts';

// People operate a route that runs: it rests and loses nothing, and a table is copied again without what does not belong there.
const spec = `apiVersion: spine/v1
sources:
  - { name: desk, type: postgres, url: embedded:desk, region: eu-central-1, owner: data-platform, tables: [public.*] }
sinks:
  - { name: copy, type: postgres, url: embedded:desk_copy, region: eu-central-1, owner: analytics, purpose: analytics, retention: P1D, iam: w }
routes:
  - { name: desk-to-copy, source: desk, sink: copy, tables: [public.*], owner: data-platform }
obligationKey: env:SPINE_OBLIGATION_KEY
classification:
  - { dataset: desk.public.*, class: internal, fields: { email: [pii] } }
residency:
  rules:
    - id: same
      effect: allow
      match: { class: [internal], from: [EU], to: [EU] }
      obligations: [{ type: hash, fields: [pii] }]
      rationale: test
`;
const setting: StageSetting = {
  databases: ['desk', 'desk_copy'],
  prepare: async (urlOf) => {
    await runSql(
      urlOf('desk'),
      `create table note (id int primary key, text text); create table reader (email text primary key, seen timestamptz, score numeric);
       insert into reader select 'r' || n || '@example.org', timestamptz '2026-01-01' + n * interval '1 s', n / 7.0 from generate_series(1, 500) n;
       create table ticket (id int generated always as identity primary key, text text); insert into ticket (text) values ('first');
       create table visit (page text);
       insert into visit select 'page ' || n % 3 from generate_series(1, 300) n; create table tag (id int primary key);
       insert into note select n, 'note ' || n from generate_series(1, 3000) n; insert into tag values (1), (2);`,
    );
  },
};

describe.each([
  ['spine up', () => startUp(setting), spec],
  ['every service in its own process', () => startCompose(setting), withoutEmbedded(spec)],
] as const)('operating a route, with %s', (_how, start, text) => {
  let stage: Stage;
  const atSource = (sql: string) => runSql(stage.urlOf('desk'), sql);
  const atSink = (sql: string) => runSql(stage.urlOf('desk_copy'), sql);
  const state = async (): Promise<{ state: string; stateReason: string | null }> =>
    JSON.parse(await stage.spine('cdc', 'status', 'desk-to-copy', '--json')).routes[0];
  const equal = async (table: string) =>
    expect(await contentOf(stage.urlOf('desk_copy'), table)).toEqual(
      await contentOf(stage.urlOf('desk'), table),
    );

  beforeAll(async () => {
    stage = await start();
    await stage.apply(text);
    await eventually(() => equal('note'), { timeoutMs: 60_000, everyMs: 200 });
  });
  afterAll(() => stage?.stop());

  test('a paused route delivers nothing, says by whom and why, and resumes without a loss', async () => {
    await stage.spine('cdc', 'pause', 'desk-to-copy', '--reason', 'the copy moves');
    expect(await state()).toMatchObject({
      state: 'paused',
      stateReason: expect.stringContaining('the copy moves'),
    });
    // Within a second its worker has let go of it: then what is committed stays at the source.
    await eventually(async () => {
      const [lease] = await runSql(
        stage.urlOf('spine'),
        `select 1 from cdc.lease where name = 'route:desk-to-copy' and holder is not null and expires_at > now()`,
      );
      expect(lease).toBeUndefined();
    });
    await atSource(`insert into note values (4000, 'while it rests'); delete from note where id = 1`);
    expect(await atSink('select 1 from note where id = 4000')).toEqual([]);
    expect(await atSink('select 1 from note where id = 1')).toHaveLength(1);
    await stage.spine('cdc', 'resume', 'desk-to-copy');
    await eventually(() => equal('note'), { timeoutMs: 20_000, everyMs: 100 });
    await eventually(async () => expect((await state()).state).toBe('streaming'), { timeoutMs: 20_000 });
  });

  test('a resnapshot takes away what the source does not have, of the table that was named alone', async () => {
    await atSink(
      `insert into note values (9999, 'from elsewhere'); delete from note where id = 5; insert into tag values (77)`,
    );
    await stage.spine('cdc', 'resnapshot', 'desk-to-copy', 'public.note', '--wait');
    await equal('note');
    expect(await atSink('select 1 from tag where id = 77')).toHaveLength(1);
    await atSink('delete from tag where id = 77');
    await atSource(`insert into note values (4001, 'after')`);
    await eventually(() => equal('note'), { timeoutMs: 20_000, everyMs: 100 });
  });

  test('source and sink are verified by content under policy: equal, also while rows are written', async () => {
    let over = false;
    const load = (async () => {
      for (let n = 0; !over; n += 1)
        await atSource(`update note set text = 'turn ${n}' where id = ${2 + (n % 500)}`);
    })();
    const verified = JSON.parse(await stage.spine('cdc', 'verify', 'desk-to-copy', '--json'));
    over = true;
    await load;
    const statuses = verified.tables.map(({ table, status }: { table: string; status: string }) => [
      table,
      status,
    ]);
    expect(statuses).toContainEqual(['public.reader', 'equal']);
    expect(statuses).toContainEqual(['public.visit', 'equal']);
    // Rows that change at every look may stay unsettled; none may be called unequal.
    expect(statuses.map(([, status]: string[]) => status)).not.toContain('unequal');
    expect(JSON.stringify(verified)).not.toContain('example.org');
  });

  test('rows that were touched at the sink are named by their keys, those of personal data by their hash', async () => {
    await atSink(`update note set text = 'forged' where id = 7; delete from note where id = 8; insert into note values (-1, 'extra');
      update reader set score = 0 where ctid = (select min(ctid) from reader); insert into visit values ('page 9')`);
    const failure = await stage
      .spine('cdc', 'verify', 'desk-to-copy', '--json')
      .catch((error: unknown) => String(error));
    expect(failure).toContain('14');
    expect(failure).toContain('"kind": "different",\n          "key": "7"');
    expect(failure).toContain('"kind": "missing",\n          "key": "8"');
    expect(failure).toContain('"kind": "extra",\n          "key": "-1"');
    expect(failure).toMatch(/"key": "[0-9a-f]{64}"/);
    expect(failure).not.toContain('example.org');
    await stage.spine('cdc', 'resnapshot', 'desk-to-copy', '--wait');
    expect(JSON.parse(await stage.spine('cdc', 'verify', 'desk-to-copy', '--json')).equal).toBe(true);
  });

  test('one row on demand, from source to sink, with its decision and its lineage (R42)', async () => {
    const sent = JSON.parse(await stage.spine('cdc', 'smoke', 'desk-to-copy', 'public.note', '--json'));
    expect(sent).toMatchObject({
      table: 'public.note',
      decision: { verdict: 'allow', ruleIds: ['same'] },
      lineage: ['desk.public.note', 'desk-to-copy', 'desk_copy.public.note'],
    });
    const { data } = await ask(
      stage.urls.gateway,
      `query Decisions($namespace: String!, $name: String!) { dataset(namespace: $namespace, name: $name) {
         residency { decisions(first: 20) { nodes { id batchId logicalName } } } } }`,
      sent.dataset,
      stage.token,
    );
    const { nodes } = data.dataset.residency.decisions;
    expect(nodes.find(({ id }: { id: string }) => id === sent.decision.id)).toMatchObject({
      batchId: sent.batch.id,
      logicalName: 'desk.public.note',
    });
    expect(await stage.spine('cdc', 'smoke', 'desk-to-copy')).toContain('went from source to sink');
    // Its key cannot be set, not even to what it is.
    await stage.spine('cdc', 'smoke', 'desk-to-copy', 'public.ticket');
    const unkeyed = await stage.run('cdc', 'smoke', 'desk-to-copy', 'public.visit');
    expect(unkeyed.code).toBe(2);
    expect(unkeyed.stderr).toContain('public.note (streaming)');
  });

  test('a route that is not there is named, by the error', async () => {
    await expect(stage.spine('cdc', 'pause', 'nowhere')).rejects.toThrow(/nowhere|ROUTE_NOT_FOUND/);
  });
});
