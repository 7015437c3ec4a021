import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@spine/testkit/eventually';
import { ask, runAll } from '../cdc/clusters.ts';
import { type ChaosStage, startChaosStage } from './chaos-stage.ts';
import { type Fault, faults } from './faults.ts';
import { assess, type Damage, oracleTables, watchSink, writeUnderFault } from './oracle.ts';

interface Outcome extends Damage {
  readonly name: string;
  /** From the end of the fault until a row committed then is at the sink. */
  readonly recovery_s: number;
  readonly transactions: number;
}

/** Every fault of the matrix under four writers, one after the other on one route; a line each on stderr. */
export async function runChaosBench(quick: boolean): Promise<object> {
  const stage = await startChaosStage(oracleTables);
  try {
    await watchSink(stage.sinkUrl);
    const outcomes: Outcome[] = [];
    for (const [index, fault] of faults(quick ? 3 : 10).entries()) {
      const outcome = await suffer(stage, fault, index);
      const { name, lost, doubled, reordered, recovery_s } = outcome;
      console.error(
        `${name}: lost ${lost}, doubled ${doubled}, reordered ${reordered}, recovery ${recovery_s} s`,
      );
      outcomes.push(outcome);
    }
    return { bench: 'chaos', faults: outcomes };
  } finally {
    await stage.stop();
  }
}

async function suffer(stage: ChaosStage, fault: Fault, index: number): Promise<Outcome> {
  const { sourceUrl, sinkUrl } = stage;
  await runAll(sinkUrl, 'truncate watch.seen');
  const writers = writeUnderFault(sourceUrl, index);
  await sleep(2_000);
  await fault.inflict(stage);
  const healedAt = performance.now();
  await runAll(sourceUrl, `insert into e values (${index}, -1, 0)`);
  await eventually(
    async () => {
      if ((await ask(sinkUrl, `select 1 from e where fault = ${index} and id = -1`)) === undefined) {
        const { state, stateReason } = await stage.route();
        throw new Error(
          `a row committed after the fault has not arrived; the route is ${state}: ${stateReason}`,
        );
      }
    },
    { timeoutMs: 120_000, everyMs: 50 },
  );
  const recovery_s = Number(((performance.now() - healedAt) / 1000).toFixed(2));
  await sleep(1_000);
  const transactions = await writers.stop();
  await runAll(sourceUrl, `insert into e values (${index}, -2, 0)`);
  await eventually(
    async () => {
      if ((await ask(sinkUrl, `select 1 from e where fault = ${index} and id = -2`)) === undefined)
        throw new Error('the last row has not arrived');
    },
    { timeoutMs: 120_000, everyMs: 50 },
  );
  return { name: fault.name, ...(await assess(sourceUrl, sinkUrl, index)), recovery_s, transactions };
}
