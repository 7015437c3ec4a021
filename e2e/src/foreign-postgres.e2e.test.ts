import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { eventually } from '@spine/testkit/eventually';
import { findPostgres15, startPostgres, type TestPostgres } from '@spine/testkit/start-postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentOf, runSql } from './content-hash.ts';
import { withoutEmbedded } from './shop-stage.ts';
import { type Stage, startCompose, startUp } from './stage.ts';

// A foreign Postgres 15 under pgbench TPC-B during the first copy and after it: equal at the sink 5 s after the load stops.
const binaries = findPostgres15();
const reason = 'skipped: there is no Postgres 15 with pgbench on this machine (Debian: postgresql-15)';
if (binaries === null) process.stdout.write(`${reason}\n`);

/** A minute or more in the long proof; shorter in every run. */
const seconds = Number(process.env['SPINE_PGBENCH_SECONDS'] ?? 15);
const tables = ['pgbench_accounts', 'pgbench_branches', 'pgbench_tellers', 'pgbench_history'];
const spec = `apiVersion: spine/v1
sources:
  - { name: bench, type: postgres, url: env:FOREIGN_URL, region: eu-central-1, owner: data-platform, tables: [public.*] }
sinks:
  - { name: copy, type: postgres, url: embedded:bench_copy, region: eu-central-1, owner: analytics, purpose: analytics, retention: P1D, iam: copy_writer }
routes:
  - { name: bench-to-copy, source: bench, sink: copy, tables: [public.*], owner: data-platform }
classification:
  - { dataset: bench.public.*, class: confidential }
residency:
  rules:
    - { id: same-region, effect: allow, match: { class: [confidential], from: [eu-central-1], to: [eu-central-1] }, rationale: stays }
`;

describe.skipIf(binaries === null).each([
  ['spine up', startUp, spec],
  ['every service in its own process', startCompose, withoutEmbedded(spec)],
] as const)('a foreign Postgres 15, with %s', (_how, start, text) => {
  let source: TestPostgres;
  let stage: Stage;

  beforeAll(async () => {
    source = await startPostgres({ version: '15' });
    await runSql(source.url, 'create database bench');
    const url = source.urlFor('bench');
    expect(await pgbench(url, '-i', '-s', '5', '-q')).toBe(0);
    stage = await start({
      databases: ['bench_copy'],
      env: { FOREIGN_URL: url },
      prepare: () => Promise.resolve(),
    });
  });
  afterAll(async () => {
    await stage?.stop();
    await source?.stop();
  });

  test(`is equal at the sink 5 s after ${seconds} s of TPC-B with 4 clients (R32, R35)`, async () => {
    const url = source.urlFor('bench');
    // pgbench truncates pgbench_history when it starts: in the middle of the first copy, that flows, too.
    const load = pgbench(url, '-T', String(seconds), '-c', '4', '-j', '2');
    await stage.apply(text);
    expect(await load).toBe(0);
    const stoppedAt = Date.now();

    const sink = stage.urlOf('bench_copy');
    const wanted = await Promise.all(tables.map((table) => contentOf(url, table)));
    expect(wanted[3]?.rows).toBeGreaterThan(100);
    await eventually(
      async () => {
        const found = await Promise.all(tables.map((table) => contentOf(sink, table)));
        expect(found).toEqual(wanted);
      },
      { timeoutMs: 30_000, everyMs: 200 },
    );
    const took = (Date.now() - stoppedAt) / 1000;
    process.stdout.write(
      `pgbench: ${wanted[3]?.rows} transactions, equal ${took.toFixed(2)} s after the load stopped\n`,
    );
    expect(took).toBeLessThan(5);
  });
});

function pgbench(url: string, ...args: string[]): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(join(binaries ?? '', 'pgbench'), [...args, url], { stdio: 'ignore' });
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
}
