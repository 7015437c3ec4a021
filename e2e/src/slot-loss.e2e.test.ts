import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@spine/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentOf, runSql } from './content-hash.ts';
import { withoutEmbedded } from './shop-stage.ts';
import { type Stage, type StageSetting, startCompose, startUp } from './stage.ts';

// A route loses its slot: by hand, or on purpose before it fills the source's disk. It says so, and nothing is missing afterwards.
const specOf = (terms: string): string => `apiVersion: spine/v1
sources:
  - { name: dock, type: postgres, url: embedded:dock, region: eu-central-1, owner: data-platform, tables: [public.*] }
sinks:
  - { name: copy, type: postgres, url: embedded:dock_copy, region: eu-central-1, owner: analytics, purpose: analytics, retention: P1D, iam: w }
routes:
  - { name: dock-to-copy, source: dock, sink: copy, tables: [public.*], owner: data-platform${terms} }
classification:
  - { dataset: dock.public.*, class: internal }
residency:
  rules:
    - { id: same, effect: allow, match: { class: [internal], from: [EU], to: [EU] }, rationale: test }
`;
const setting: StageSetting = {
  databases: ['dock', 'dock_copy'],
  prepare: async (urlOf) => {
    await runSql(
      urlOf('dock'),
      `create table crate (id int primary key, note text);
       insert into crate select n, 'crate ' || n from generate_series(1, 2000) n;
       create table ballast (note text)`,
    );
  },
};
const slots = `from pg_replication_slots where database = 'dock' and slot_type = 'logical'`;

describe.each([
  ['spine up', () => startUp(setting), (text: string) => text],
  ['every service in its own process', () => startCompose(setting), withoutEmbedded],
] as const)('slot loss, with %s', (_how, start, words) => {
  let stage: Stage;
  const atSource = (sql: string) => runSql(stage.urlOf('dock'), sql);
  /** Applies the route anew; its matrix stays as it was signed. */
  async function apply(terms = ''): Promise<void> {
    const file = join(stage.home, 'spine.yaml');
    writeFileSync(file, words(specOf(terms)));
    await stage.spine('apply', '-f', file);
  }
  const state = async (): Promise<{ state: string; stateReason: string | null }> =>
    JSON.parse(await stage.spine('cdc', 'status', 'dock-to-copy', '--json')).routes[0];
  const untilEqual = () =>
    eventually(
      async () =>
        expect(await contentOf(stage.urlOf('dock_copy'), 'crate')).toEqual(
          await contentOf(stage.urlOf('dock'), 'crate'),
        ),
      { timeoutMs: 60_000, everyMs: 200 },
    );
  const untilState = (wanted: string) =>
    eventually(async () => expect((await state()).state).toBe(wanted), { timeoutMs: 60_000, everyMs: 300 });

  /** Ends the reader, drops the slot, and commits what no slot can bring any more. */
  async function loseSlot(mark: string): Promise<void> {
    await eventually(
      async () => {
        await atSource(`select pg_terminate_backend(active_pid) ${slots} and active_pid is not null`);
        await atSource(`select pg_drop_replication_slot(slot_name) ${slots}`);
      },
      { timeoutMs: 20_000, everyMs: 20 },
    );
    await atSource(
      `delete from crate where id % 50 = 0; update crate set note = '${mark}' where id % 7 = 0; insert into crate values (${mark.length} + 10000, '${mark}')`,
    );
  }

  beforeAll(async () => {
    stage = await start();
    await stage.apply(words(specOf('')));
    await untilState('streaming');
    await untilEqual();
  });
  afterAll(() => stage?.stop());

  test('a route says that its slot is gone, waits for an apply, and then is equal again', async () => {
    await loseSlot('by hand');
    await untilState('resnapshot_required');
    expect((await state()).stateReason).toMatch(/SLOT_LOST.*spine apply/);
    await apply();
    await untilEqual();
    await untilState('streaming');
  });

  test('a route with slotLost: resnapshot mends it by itself', async () => {
    await apply(', slotLost: resnapshot');
    await untilState('streaming');
    await loseSlot('by hand again');
    await untilEqual();
    await untilState('streaming');
  });

  test('at walLimit the slot of a route that cannot deliver is given up; it copies again when its sink is back', async () => {
    await apply(', walLimit: 64MB');
    await untilState('streaming');
    // Nobody may connect to the sink any more, and the source goes on writing.
    await atSource(`alter database dock_copy with allow_connections false`);
    await atSource(`select pg_terminate_backend(pid) from pg_stat_activity where datname = 'dock_copy'`);
    await atSource(`insert into ballast select repeat('x', 1000) from generate_series(1, 150000)`);
    await atSource(`update crate set note = 'while the sink was down'`);
    await eventually(async () => expect(await atSource(`select slot_name ${slots}`)).toEqual([]), {
      timeoutMs: 60_000,
      everyMs: 300,
    });
    await untilState('resnapshot_required');
    expect((await state()).stateReason).toContain('walLimit is 64MB');
    await atSource(`alter database dock_copy with allow_connections true`);
    await untilEqual();
    await untilState('streaming');
  });
});
