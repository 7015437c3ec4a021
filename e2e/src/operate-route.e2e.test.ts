import { eventually } from '@spine/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
classification:
  - { dataset: desk.public.*, class: internal }
residency:
  rules:
    - { id: same, effect: allow, match: { class: [internal], from: [EU], to: [EU] }, rationale: test }
`;
const setting: StageSetting = {
  databases: ['desk', 'desk_copy'],
  prepare: async (urlOf) => {
    await runSql(
      urlOf('desk'),
      `create table note (id int primary key, text text); create table tag (id int primary key);
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
    expect((await state()).state).toBe('streaming');
  });

  test('a resnapshot takes away what the source does not have, of the table that was named alone', async () => {
    await atSink(
      `insert into note values (9999, 'from elsewhere'); delete from note where id = 5; insert into tag values (77)`,
    );
    await stage.spine('cdc', 'resnapshot', 'desk-to-copy', 'public.note', '--wait');
    await equal('note');
    expect(await atSink('select 1 from tag where id = 77')).toHaveLength(1);
    await atSource(`insert into note values (4001, 'after')`);
    await eventually(() => equal('note'), { timeoutMs: 20_000, everyMs: 100 });
  });

  test('a route that is not there is named, by the error', async () => {
    await expect(stage.spine('cdc', 'pause', 'nowhere')).rejects.toThrow(/nowhere|ROUTE_NOT_FOUND/);
  });
});
