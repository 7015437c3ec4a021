import pg from 'pg';
import { runAll } from '../cdc/clusters.ts';

/** `t` is updated over and over, each key counting up; `e` is a history without a key, to which each update adds its line. */
export const oracleTables = [
  'create table t (id int primary key, n bigint not null, payload text)',
  'create table e (fault int not null, id int not null, n bigint not null)',
  `insert into t select id, 0, repeat('x', 100) from generate_series(1, 200) id`,
];

/** What a fault did to what the source had committed. */
export interface Damage {
  /** Rows that the source has and the sink has not, or has otherwise. */
  readonly lost: number;
  /** Changes that the sink saw more than once. */
  readonly doubled: number;
  /** Changes that came after a later one of the same key. */
  readonly reordered: number;
}

/** Has the sink write down, in order, every state of `t` that becomes visible. */
export async function watchSink(sinkUrl: string): Promise<void> {
  await runAll(
    sinkUrl,
    'create schema watch',
    'create table watch.seen (seq bigint generated always as identity, id int, n bigint)',
    `create function watch.see() returns trigger language plpgsql as
       $$ begin insert into watch.seen (id, n) select new.id, new.n; return null; end $$`,
    'create trigger emptied after truncate on public.t for each statement execute function watch.see()',
    'create trigger see after insert or update on public.t for each row execute function watch.see()',
  );
}

/** Writers of the source; `stop` resolves when the last transaction has ended, with how many were committed. */
export function writeUnderFault(sourceUrl: string, fault: number): { stop(): Promise<number> } {
  let stopped = false;
  let committed = 0;
  const write = async (index: number): Promise<void> => {
    for (let turn = 0; !stopped; ) {
      // The server itself may be killed: then a new connection goes on; what was committed is what the source says it is.
      const client = new pg.Client({ connectionString: sourceUrl });
      client.on('error', () => undefined);
      try {
        await client.connect();
        for (; !stopped; turn += 1) {
          const id = 1 + ((turn * 4 + index) % 200);
          await client.query(
            `with counted as (update t set n = n + 1 where id = $2 returning id, n)
             insert into e select $1, id, n from counted`,
            [fault, id],
          );
          committed += 1;
        }
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  };
  const writers = [0, 1, 2, 3].map(write);
  return {
    async stop() {
      stopped = true;
      await Promise.all(writers);
      return committed;
    },
  };
}

/** Compares both sides, of one fault. */
export async function assess(sourceUrl: string, sinkUrl: string, fault: number): Promise<Damage> {
  const states = 'select id || $1 || n as row from t where $2::int is not null';
  const lines = `select id || $1 || n as row from e where fault = $2`;
  const wanted = [await rows(sourceUrl, states, fault), await rows(sourceUrl, lines, fault)];
  const found = [await rows(sinkUrl, states, fault), await rows(sinkUrl, lines, fault)];
  let lost = 0;
  let doubled = 0;
  for (const [index, list] of wanted.entries()) {
    const there = new Map<string, number>();
    for (const row of found[index] ?? []) there.set(row, (there.get(row) ?? 0) + 1);
    for (const row of list) if (!there.has(row)) lost += 1;
    for (const count of there.values()) doubled += count - 1;
  }
  const seen = await rows(
    sinkUrl,
    `select coalesce(id || $1 || n, '') as row from watch.seen where $2::int is not null order by seq`,
    fault,
  );
  if (seen.length === 0) throw new Error('the sink showed nothing: the proof would prove nothing');
  const last = new Map<string, bigint>();
  let reordered = 0;
  for (const row of seen) {
    if (row === '') {
      // The table was emptied to be copied anew.
      last.clear();
      continue;
    }
    const [id = '', n = '0'] = row.split(' ');
    const before = last.get(id);
    if (before === BigInt(n)) doubled += 1;
    if (before !== undefined && before > BigInt(n)) reordered += 1;
    last.set(id, BigInt(n));
  }
  return { lost, doubled, reordered };
}

async function rows(url: string, sql: string, fault: number): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query<{ row: string }>(sql, [' ', fault]);
    return found.rows.map(({ row }) => row);
  } finally {
    await client.end();
  }
}
