import { eventually } from '@spine/testkit/eventually';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askService } from './ask.ts';
import { contentOf, runSql } from './content-hash.ts';
import { withoutEmbedded } from './shop-stage.ts';
import { type Stage, type StageSetting, startCompose, startUp } from './stage.ts';

// Workers are killed at random moments under load; at the end source and sink are equal by content and by count (R35, R39).
const kills = Number(process.env['SPINE_KILLS'] ?? 10);

const spec = `apiVersion: spine/v1
sources:
  - { name: bank, type: postgres, url: embedded:bank, region: eu-central-1, owner: data-platform, tables: [public.*] }
sinks:
  - { name: copy, type: postgres, url: embedded:bank_copy, region: eu-central-1, owner: analytics, purpose: analytics, retention: P1D, iam: copy_writer }
routes:
  - { name: bank-to-copy, source: bank, sink: copy, tables: [public.*], owner: data-platform }
classification:
  - { dataset: bank.public.*, class: internal }
residency:
  rules:
    - { id: same, effect: allow, match: { class: [internal], from: [EU], to: [EU] }, rationale: test }
`;

const setting: StageSetting = {
  databases: ['bank', 'bank_copy'],
  prepare: async (urlOf) => {
    await runSql(
      urlOf('bank'),
      `create table account (id int primary key, balance bigint not null, note text);
       create table entry (account int not null, amount int not null, at timestamptz not null default clock_timestamp());
       insert into account select n, 0, repeat('x', n % 3000) from generate_series(1, 2000) n;`,
    );
  },
};

describe.each([
  ['spine up', () => startUp(setting), spec],
  ['every service in its own process', () => startCompose(setting), withoutEmbedded(spec)],
] as const)('kill worker, with %s', (_how, start, text) => {
  let stage: Stage;
  let source: string;
  let sink: string;

  beforeAll(async () => {
    stage = await start();
    source = stage.urlOf('bank');
    sink = stage.urlOf('bank_copy');
    await stage.apply(text);
    await eventually(async () => expect((await route(stage)).state).toBe('streaming'), {
      timeoutMs: 30_000,
      everyMs: 200,
    });
  });

  afterAll(() => stage?.stop());

  test(`after ${kills} SIGKILLs under load the sink equals the source by content hash and change counter`, async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    // Printed so that a failure can be looked at again with the same pauses.
    process.stdout.write(`kill-worker seed ${seed}\n`);
    const random = generator(seed);
    const before = await counter(sink);
    let stopped = false;
    const loads = Array.from({ length: 3 }, (_, index) => load(source, index, () => stopped));

    let done = 0;
    while (done < kills) {
      await new Promise((resolve) => setTimeout(resolve, 100 + random() * 700));
      const pid = Number(/-(\d+)-[0-9a-f]+$/.exec((await route(stage)).worker ?? '')?.[1]);
      if (!Number.isInteger(pid) || !kill(pid)) continue;
      done++;
    }
    stopped = true;
    const changes = (await Promise.all(loads)).reduce((sum, count) => sum + count, 0);
    expect(changes).toBeGreaterThan(1000);

    await eventually(
      async () => {
        expect(await contentOf(sink, 'account')).toEqual(await contentOf(source, 'account'));
        expect(await contentOf(sink, 'entry')).toEqual(await contentOf(source, 'entry'));
      },
      { timeoutMs: 30_000, everyMs: 250 },
    );
    expect((await counter(sink)) - before).toBe(BigInt(changes));
    expect(await askService(`${stage.urls.governance}/internal/ledger/verify`, stage)).toMatchObject({
      ok: true,
    });
  }, 600_000);

  test('a killed worker is replaced in under 5 s', async () => {
    const pid = Number(/-(\d+)-[0-9a-f]+$/.exec((await route(stage)).worker ?? '')?.[1]);
    process.kill(pid, 'SIGKILL');
    const killedAt = Date.now();
    await runSql(source, 'update account set balance = balance + 1 where id = 1');
    await eventually(
      async () =>
        expect(await contentOf(sink, 'account where id = 1')).toEqual(
          await contentOf(source, 'account where id = 1'),
        ),
      { timeoutMs: 15_000, everyMs: 50 },
    );
    const seconds = (Date.now() - killedAt) / 1000;
    process.stdout.write(`takeover took ${seconds.toFixed(2)} s\n`);
    expect(seconds).toBeLessThan(5);
  });
});

/** Small transactions over keyed and unkeyed rows, TOAST values and key changes; answers how many changes were committed. */
async function load(source: string, index: number, isStopped: () => boolean): Promise<number> {
  const client = new pg.Client({ connectionString: source });
  await client.connect();
  let changes = 0;
  for (let turn = 0; !isStopped(); turn++) {
    const id = 1 + ((turn * 3 + index) % 2000);
    await client.query('begin');
    await client.query('update account set balance = balance + $1 where id = $2', [turn, id]);
    await client.query('insert into entry (account, amount) values ($1, $2), ($1, -$2)', [id, turn]);
    let own = 3;
    if (turn % 20 === 0) {
      const fresh = 10_000 + index * 1_000_000 + turn;
      await client.query(`insert into account values ($1, 0, repeat('y', 3000))`, [fresh]);
      await client.query('update account set id = -id where id = $1', [fresh]);
      own += 2;
      if (turn % 40 === 0) {
        await client.query('delete from account where id = $1', [-fresh]);
        own++;
      }
    }
    await client.query('commit');
    changes += own;
  }
  await client.end();
  return changes;
}

async function route(stage: Stage): Promise<{ state: string; worker: string | null }> {
  const status = (await askService(`${stage.urls.cdc}/internal/status`, stage)) as {
    routes: { state: string; worker: string | null }[];
  };
  return status.routes[0] ?? { state: 'none', worker: null };
}

async function counter(sink: string): Promise<bigint> {
  const rows = await runSql<{ changes: string }>(sink, 'select changes::text from _spine.checkpoint');
  return BigInt(rows[0]?.changes ?? '0');
}

function kill(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

/** mulberry32: a small generator whose seed can be printed. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
