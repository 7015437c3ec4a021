import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@spine/testkit/eventually';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askService } from './ask.ts';
import { contentOf, runSql } from './content-hash.ts';
import { type Stage, startUp } from './stage.ts';

// One transaction of a million rows and more: the worker's memory stays as it is, and the sink equals the source.
const rows = 1_000_000;
const maxMegabytes = 400;

const spec = `apiVersion: spine/v1
sources:
  - { name: bulk, type: postgres, url: embedded:bulk, region: eu-central-1, owner: data-platform, tables: [public.*] }
sinks:
  - { name: copy, type: postgres, url: embedded:bulk_copy, region: eu-central-1, owner: analytics, purpose: analytics, retention: P1D, iam: copy_writer }
routes:
  - { name: bulk-to-copy, source: bulk, sink: copy, tables: [public.*], owner: data-platform }
classification:
  - { dataset: bulk.public.*, class: internal }
residency:
  rules:
    - { id: same, effect: allow, match: { class: [internal], from: [EU], to: [EU] }, rationale: test }
`;

let stage: Stage;

beforeAll(async () => {
  stage = await startUp({
    databases: ['bulk', 'bulk_copy'],
    prepare: (urlOf) =>
      runSql(urlOf('bulk'), 'create table item (id int8 primary key, note text, amount int8)').then(
        () => undefined,
      ),
  });
  await stage.apply(spec);
  await eventually(async () => expect((await route()).state).toBe('streaming'), {
    timeoutMs: 60_000,
    everyMs: 200,
  });
});
afterAll(() => stage?.stop());

async function route(): Promise<{ state: string; worker: string | null }> {
  const status = (await askService(`${stage.urls.cdc}/internal/status`, stage)) as {
    routes: { state: string; worker: string | null }[];
  };
  return status.routes[0] ?? { state: 'none', worker: null };
}

/** Resident megabytes of a process, now. */
async function residentMegabytes(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout.trim()) / 1024;
}

test.each([
  ['inserts', `insert into item select n, repeat('x', 150), n from generate_series(1, ${rows}) as n`],
  ['updates', 'update item set amount = amount + 1'],
  ['deletes', 'delete from item where id % 10 <> 0'],
])(
  `a transaction of ${rows} %s arrives whole, and the worker stays under ${maxMegabytes} MB`,
  async (_, sql) => {
    const source = stage.urlOf('bulk');
    const sink = stage.urlOf('bulk_copy');
    const pid = Number(/-(\d+)-[0-9a-f]+$/.exec((await route()).worker ?? '')?.[1]);
    let peak = 0;
    let done = false;
    const watching = (async () => {
      while (!done) {
        peak = Math.max(peak, await residentMegabytes(pid));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    const startedAt = Date.now();
    await runSql(source, sql);
    await eventually(
      async () => expect(await contentOf(sink, 'item')).toEqual(await contentOf(source, 'item')),
      {
        timeoutMs: 300_000,
        everyMs: 2_000,
      },
    );
    done = true;
    await watching;
    process.stdout.write(`peak ${peak.toFixed(0)} MB, ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
    expect(peak).toBeGreaterThan(0);
    expect(peak).toBeLessThan(maxMegabytes);
    expect(await readdir(join(stage.home, 'spool')).catch(() => [])).toEqual([]);
  },
);
