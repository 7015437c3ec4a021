import { eventually } from '@spine/testkit/eventually';
import type { TestPostgres } from '@spine/testkit/start-postgres';
import { ask, runAll } from './clusters.ts';
import type { Contender } from './contender.ts';

/** Postgres's own logical replication: CREATE SUBSCRIPTION, binary, streaming=parallel, synchronous_commit as at the sink. */
export function nativeContender(
  source: TestPostgres,
  sink: TestPostgres,
  database: string,
  createTable: string,
): Contender {
  const from = source.urlFor(database);
  const to = sink.urlFor(database);
  return {
    name: 'native',
    async start() {
      await runAll(to, createTable);
      await runAll(from, 'create publication native for table t');
      await runAll(
        to,
        `create subscription native connection '${from}' publication native with (binary = true, streaming = parallel, synchronous_commit = on)`,
      );
      await eventually(
        async () => {
          const state = await ask(to, `select srsubstate::text from pg_subscription_rel`);
          if (state !== 'r') throw new Error(`the subscription is ${state}`);
        },
        { timeoutMs: 30_000, everyMs: 50 },
      );
    },
    pause: () => runAll(to, 'alter subscription native disable'),
    resume: () => runAll(to, 'alter subscription native enable'),
    async stop() {
      await runAll(to, 'drop subscription native');
      await runAll(from, 'drop publication native');
    },
  };
}
