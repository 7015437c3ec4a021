import pg from 'pg';
import { runAll, type startClusters } from './clusters.ts';
import { percentile } from './percentiles.ts';

/**
 * Lag in ms from the insert at the source to the insert at the sink, both by clock_timestamp() on one host: a trigger at the sink
 * notes the arrival. Rows come in transactions of a hundredth of the rate, at least one row, a hundred a second.
 */
export async function measureLag(
  { source, sink }: Awaited<ReturnType<typeof startClusters>>,
  database: string,
  perSecond: number,
  seconds: number,
): Promise<{ p50: number; p95: number; p99: number }> {
  await runAll(
    sink.urlFor(database),
    'create table arrival (id bigint, sent timestamptz, at timestamptz)',
    `create function note() returns trigger language plpgsql as $$
       begin insert into public.arrival values (new.id, new.at, clock_timestamp()); return new; end $$`,
    'create trigger note after insert on t for each row execute function note()',
    'alter table t enable always trigger note',
  );
  const client = new pg.Client({ connectionString: source.urlFor(database) });
  await client.connect();
  const perTick = Math.max(1, perSecond / 500);
  const startedAt = performance.now();
  for (let tick = 0; performance.now() - startedAt < seconds * 1000; tick++) {
    await client.query(
      `insert into t select $1::bigint + g, clock_timestamp(), repeat('x', 100) from generate_series(0, $2::int - 1) g`,
      [tick * perTick, perTick],
    );
    const wait = startedAt + (tick + 1) * 2 - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  }
  await client.end();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const reader = new pg.Client({ connectionString: sink.urlFor(database) });
  await reader.connect();
  const { rows } = await reader.query<{ ms: string }>(
    `select extract(epoch from at - sent) * 1000 as ms from arrival where sent > (select min(sent) + interval '1 s' from arrival)`,
  );
  await reader.end();
  const lags = rows.map((row) => Number(row.ms));
  const at = (share: number) => Number(percentile(lags, share).toFixed(1));
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
