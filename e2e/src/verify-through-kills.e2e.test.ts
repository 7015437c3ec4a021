import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@spine/testkit/eventually';
import { findPostgres15, startPostgres, type TestPostgres } from '@spine/testkit/start-postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSql } from './content-hash.ts';
import { type Stage, startUp } from './stage.ts';

// pgbench writes, workers are killed, the sink's server is restarted; then the command that users have says whether all is equal.
const binaries = findPostgres15();
const reason = 'skipped: there is no Postgres 15 with pgbench on this machine (Debian: postgresql-15)';
if (binaries === null) process.stdout.write(`${reason}\n`);

/** A minute in the long proof; shorter in every run. */
const seconds = Number(process.env['SPINE_PGBENCH_SECONDS'] ?? 15);
const spec = `apiVersion: spine/v1
sources:
  - { name: bench, type: postgres, url: env:BENCH_URL, region: eu-central-1, owner: data-platform, tables: [public.*] }
sinks:
  - { name: copy, type: postgres, url: env:COPY_URL, region: eu-central-1, owner: analytics, purpose: analytics, retention: P1D, iam: w }
routes:
  - { name: bench-to-copy, source: bench, sink: copy, tables: [public.*], owner: data-platform }
classification:
  - { dataset: bench.public.*, class: confidential }
residency:
  rules:
    - { id: same, effect: allow, match: { class: [confidential], from: [EU], to: [EU] }, rationale: test }
`;

describe.skipIf(binaries === null)('a route under pgbench', () => {
  let source: TestPostgres;
  let sink: TestPostgres;
  let stage: Stage;

  beforeAll(async () => {
    source = await startPostgres({ version: '15' });
    sink = await startPostgres({ version: 'embedded' });
    await runSql(source.url, 'create database bench');
    await runSql(sink.url, 'create database copy');
    expect(await pgbench('-i', '-s', '2', '-q')).toBe(0);
    stage = await startUp({
      databases: [],
      env: { BENCH_URL: source.urlFor('bench'), COPY_URL: sink.urlFor('copy') },
      prepare: () => Promise.resolve(),
    });
    await stage.apply(spec);
    await eventually(async () => expect((await route()).state).toBe('streaming'), { timeoutMs: 60_000 });
  });
  afterAll(async () => {
    await stage?.stop();
    await source?.stop();
    await sink?.stop();
  });

  async function route(): Promise<{ readonly state: string; readonly worker: string | null }> {
    return JSON.parse((await stage.run('cdc', 'status', 'bench-to-copy', '--json')).stdout).routes[0];
  }

  test(`is equal by spine cdc verify after ${seconds} s, three killed workers and a restart of the sink (R35, R39)`, async () => {
    const load = pgbench('-T', String(seconds), '-c', '4', '-j', '2');
    for (const step of ['kill', 'kill', 'restart the sink', 'kill']) {
      await sleep((seconds * 1000) / 5);
      if (step === 'kill') process.kill(await workerPid(), 'SIGKILL');
      else await sink.restart();
    }
    expect(await load).toBe(0);
    const [row] = await runSql<{ n: number }>(
      source.urlFor('bench'),
      'select count(*)::int as n from pgbench_history',
    );
    expect(row?.n).toBeGreaterThan(100);
    const verified = await eventually(
      async () => {
        const { code, stdout } = await stage.run('cdc', 'verify', 'bench-to-copy', '--json');
        expect(code).toBe(0);
        return JSON.parse(stdout);
      },
      { timeoutMs: 60_000 },
    );
    expect(verified.equal).toBe(true);
    expect(verified.tables).toHaveLength(4);
    process.stdout.write(`pgbench: ${row?.n} transactions; ${JSON.stringify(verified.tables)}\n`);
  });

  function workerPid(): Promise<number> {
    return eventually(
      async () => {
        const pid = Number(/-(\d+)-[0-9a-f]+$/.exec((await route()).worker ?? '')?.[1]);
        expect(pid).toBeGreaterThan(0);
        process.kill(pid, 0);
        return pid;
      },
      { timeoutMs: 30_000, everyMs: 200 },
    );
  }

  function pgbench(...args: string[]): Promise<number | null> {
    return new Promise((resolve) => {
      const child = spawn(join(binaries ?? '', 'pgbench'), [...args, source.urlFor('bench')], {
        stdio: 'ignore',
      });
      child.once('error', () => resolve(null));
      child.once('close', resolve);
    });
  }
});
