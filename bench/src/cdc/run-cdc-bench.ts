import { ask, runAll, startClusters } from './clusters.ts';
import type { Contender } from './contender.ts';
import { type Load, loads } from './loads.ts';
import { measureLag } from './measure-lag.ts';
import { nativeContender } from './native-contender.ts';
import { ownContender } from './own-contender.ts';
import { median } from './percentiles.ts';

type Clusters = Awaited<ReturnType<typeof startClusters>>;

/** Catch-up and lag against a native subscription on the same two servers, runs interleaved, medians reported. */
export async function runCdcBench(quick: boolean): Promise<object> {
  const clusters = await startClusters();
  const rounds = quick ? 1 : 3;
  try {
    const catchup: Record<string, object> = {};
    for (const load of loads(quick ? 0.25 : 1)) {
      const rates: Record<string, number[]> = { own: [], native: [] };
      for (let round = 0; round < rounds; round++) {
        for (const name of ['native', 'own'] as const) {
          const rate = await catchUp(clusters, load, name, `b_${load.name}_${name}_${round}`);
          rates[name]?.push(rate);
          console.error(`catch-up ${load.name} ${name}: ${Math.round(rate)} changes/s`);
        }
      }
      const own = median(rates['own'] ?? []);
      const native = median(rates['native'] ?? []);
      catchup[load.name] = {
        own_rows_s: Math.round(own),
        native_rows_s: Math.round(native),
        ratio: Number((own / native).toFixed(2)),
      };
    }
    const lag: Record<string, object> = {};
    for (const perSecond of quick ? [1_000] : [1_000, 5_000]) {
      const result: Record<string, object> = {};
      for (const name of ['native', 'own'] as const) {
        const database = `l_${perSecond}_${name}`;
        await createDatabases(clusters, database);
        const table = 'create table t (id bigint primary key, at timestamptz not null, payload text)';
        await runAll(clusters.source.urlFor(database), table);
        const contender = contend(clusters, name, database, table);
        await contender.start();
        result[name] = await measureLag(clusters, database, perSecond, quick ? 5 : 15);
        console.error(`lag at ${perSecond}/s ${name}: ${JSON.stringify(result[name])} ms`);
        await contender.stop();
      }
      lag[String(perSecond)] = result;
    }
    return { bench: 'cdc', rounds, catchup, lag_ms: lag };
  } finally {
    await clusters.stop();
  }
}

/** Changes per second between two moments: when the first of the backlog is seen at the sink, and when all of it is. What stands there at the first moment does not count. */
async function catchUp(
  clusters: Clusters,
  load: Load,
  name: Contender['name'],
  database: string,
): Promise<number> {
  await createDatabases(clusters, database);
  const from = clusters.source.urlFor(database);
  const to = clusters.sink.urlFor(database);
  await runAll(from, load.createTable);
  const contender = contend(clusters, name, database, load.createTable);
  await contender.start();
  await contender.pause();
  await runAll(from, ...load.statements);
  const resuming = contender.resume();
  const first = await waitUntil(to, 'select 1 from t limit 1');
  const stood = Number(await ask(to, 'select count(*) from t'));
  const last = await waitUntil(to, 'select 1 from t where id = -1');
  await resuming;
  const counts = await Promise.all(
    [from, to].map((url) => ask(url, 'select count(*) || md5(sum(id)::text) from t')),
  );
  if (counts[0] !== counts[1]) throw new Error(`${name} ${load.name}: source and sink differ`);
  const rows = Number(await ask(to, 'select count(*) from t'));
  await contender.stop();
  await runAll(clusters.source.url, `drop database ${database} with (force)`);
  await runAll(clusters.sink.url, `drop database ${database} with (force)`);
  const share = 1 - stood / rows;
  return (load.changes * share) / ((last - first) / 1000);
}

function contend(
  clusters: Clusters,
  name: Contender['name'],
  database: string,
  createTable: string,
): Contender {
  const { source, sink } = clusters;
  return name === 'own'
    ? ownContender(source, sink, database)
    : nativeContender(source, sink, database, createTable);
}

async function createDatabases({ source, sink }: Clusters, database: string): Promise<void> {
  await runAll(source.url, `create database ${database}`);
  await runAll(sink.url, `create database ${database}`);
}

async function waitUntil(url: string, sql: string): Promise<number> {
  for (;;) {
    if ((await ask(url, sql)) !== undefined) return performance.now();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
