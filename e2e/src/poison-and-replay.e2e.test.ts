import { eventually } from '@spine/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from './ask.ts';
import { contentOf, runSql } from './content-hash.ts';
import { withoutEmbedded } from './shop-stage.ts';
import { type Stage, type StageSetting, startCompose, startUp } from './stage.ts';

// A sink refuses one row among thousands: it is set aside with what follows on its key, all else flows, and once the cause is
// mended a replay makes the sink equal to the source.
const spec = `apiVersion: spine/v1
sources:
  - { name: till, type: postgres, url: embedded:till, region: eu-central-1, owner: data-platform, tables: [public.*] }
sinks:
  - { name: books, type: postgres, url: embedded:books, region: eu-central-1, owner: analytics, purpose: analytics, retention: P1D, iam: w }
routes:
  - { name: till-to-books, source: till, sink: books, tables: [public.*], owner: data-platform, deadLetters: { alertAt: 1, stopAt: 50 } }
classification:
  - { dataset: till.public.*, class: internal }
residency:
  rules:
    - { id: same, effect: allow, match: { class: [internal], from: [EU], to: [EU] }, rationale: test }
`;
const secret = 'ann@example.org';
const setting: StageSetting = {
  databases: ['till', 'books'],
  prepare: async (urlOf) => {
    await runSql(
      urlOf('till'),
      `create table sale (id int primary key, amount int not null, note text); create table shift (id int primary key);
       insert into sale select n, n, 'sale ' || n from generate_series(1, 100) n; insert into shift values (1);`,
    );
  },
};

describe.each([
  ['spine up', () => startUp(setting), spec],
  ['every service in its own process', () => startCompose(setting), withoutEmbedded(spec)],
] as const)('a poison row, with %s', (_how, start, text) => {
  let stage: Stage;
  const atSource = (sql: string) => runSql(stage.urlOf('till'), sql);
  const atSink = (sql: string) => runSql(stage.urlOf('books'), sql);
  const equal = async (table: string) =>
    expect(await contentOf(stage.urlOf('books'), table)).toEqual(await contentOf(stage.urlOf('till'), table));
  const soon = (look: () => Promise<void>) => eventually(look, { timeoutMs: 30_000, everyMs: 100 });
  const letters = async () =>
    JSON.parse((await stage.run('cdc', 'deadletters', 'till-to-books', '--json')).stdout);
  const counts = async () => {
    const query = '{ route(name: "till-to-books") { deadLetters { open parked } tables { table state } } }';
    const { data, errors } = await ask(stage.urls.gateway, query, {}, stage.token);
    expect(errors).toBeUndefined();
    return data.route;
  };
  /** What the route knows of a row of ours that comes after everything before it. */
  const passed = async (id: number) => {
    await atSource(`insert into shift values (${id})`);
    await soon(() => equal('shift'));
  };

  beforeAll(async () => {
    stage = await start();
    await stage.apply(text);
    await eventually(() => equal('sale'), { timeoutMs: 60_000, everyMs: 200 });
  });
  afterAll(() => stage?.stop());

  test('is set aside with what follows on its key, and everything else flows', async () => {
    await atSink('alter table sale add constraint positive check (amount > 0)');
    await atSource(
      `insert into sale select n, case n when 1500 then -1 else n end, '${secret}' from generate_series(1001, 3000) n`,
    );
    await passed(2);
    await atSource("update sale set note = 'later' where id = 1500; update sale set amount = 9 where id = 7");
    await passed(3);
    expect((await counts()).deadLetters).toEqual({ open: 1, parked: 1 });
    const metrics = await (await fetch(new URL('/metrics', stage.urls.cdc))).text();
    expect(metrics).toMatch(
      /^spine_cdc_dead_letters\{(?=.*route="till-to-books")(?=.*state="failed").*\} 1$/m,
    );
    const { deadLetters } = await letters();
    expect(deadLetters).toMatchObject([
      { schema: 'public', table: 'sale', state: 'FAILED', reason: expect.stringContaining('23514') },
      { schema: 'public', table: 'sale', state: 'PARKED_BEHIND' },
    ]);
    expect(JSON.stringify(deadLetters)).not.toContain(secret);
    expect(stage.output()).not.toContain(secret);
  });

  test('a replay before the cause is mended changes nothing, and says why', async () => {
    const { code, stdout } = await stage.run('cdc', 'replay', 'till-to-books', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(stdout).replay.tables).toMatchObject([
      { table: 'public.sale', delivered: 0, refused: 2, reasons: [expect.stringContaining('23514')] },
    ]);
    expect((await counts()).deadLetters).toEqual({ open: 1, parked: 1 });
  });

  test('a replay after it was mended makes the sink equal to the source, and twice is harmless', async () => {
    await atSink('alter table sale drop constraint positive');
    const dry = await stage.run('cdc', 'replay', 'till-to-books', '--dry-run', '--json');
    expect(dry.code).toBe(0);
    expect((await counts()).deadLetters).toEqual({ open: 1, parked: 1 });
    await stage.spine('cdc', 'replay', 'till-to-books', '--table', 'public.sale');
    await equal('sale');
    await stage.spine('cdc', 'replay', 'till-to-books');
    await atSource("update sale set note = 'flows' where id = 1500");
    await soon(() => equal('sale'));
    expect((await counts()).deadLetters).toEqual({ open: 0, parked: 0 });
    const verified = await stage.run('cdc', 'verify', 'till-to-books', '--json');
    expect(JSON.parse(verified.stdout).equal).toBe(true);
  });

  test('one that is given up says so at its table, until a copy in full', async () => {
    await atSink('alter table sale add constraint known check (amount <> -5)');
    await atSource('update sale set amount = -5 where id = 8');
    await soon(async () => expect((await counts()).deadLetters).toEqual({ open: 1, parked: 0 }));
    expect((await stage.run('cdc', 'discard', 'till-to-books')).code).toBe(2);
    await stage.spine('cdc', 'discard', 'till-to-books', '--reason', 'a test sale');
    const { deadLetters, tables } = await counts();
    expect(deadLetters).toEqual({ open: 0, parked: 0 });
    expect(tables).toContainEqual({ table: 'sale', state: 'DIVERGED' });
    await atSink('alter table sale drop constraint known');
    await stage.spine('cdc', 'resnapshot', 'till-to-books', 'public.sale', '--wait');
    await equal('sale');
  });
});
