import { type Lsn, lsnZero } from '@spine/kernel/lsn';
import { compilePolicy } from '@spine/kernel/residency/compile-policy';
import { expect, test } from 'vitest';
import type { Change } from '../domain/change.ts';
import { memoryContext } from './memory-context.ts';
import {
  memoryClock,
  memoryFeed,
  memoryLeaves,
  memorySession,
  memoryStream,
  tableNamed,
  transactionAt,
} from './memory-route.ts';
import { streamBatches } from './stream-batches.ts';

const orders = tableNamed('orders');
const insert: Change = { kind: 'insert', relation: orders, after: Buffer.alloc(2) };
const policy = compilePolicy({
  regions: [],
  sources: [],
  sinks: [],
  classification: [],
  residency: { rules: [], exceptions: [] },
});
const identity = {
  systemId: '1',
  timeline: 1,
  database: 'shop',
  serverVersion: 180_000,
  flushPosition: lsnZero,
};

/** Streams the takes until they are used up and `idleTurns` more, then drains. */
async function run(takes: Parameters<typeof memoryStream>[0], idleTurns = 3) {
  const log: string[] = [];
  const { session, committed, advanced } = memorySession(log);
  const { queue } = memoryLeaves(log);
  const clock = memoryClock();
  const { stream, acknowledged } = memoryStream(takes);
  const stop = new AbortController();
  let idle = 0;
  const { context } = memoryContext({ clock, leaves: queue, policyFeed: memoryFeed(policy) });
  await streamBatches(
    {
      ...context,
      signal: stop.signal,
      source: {
        ...context.source,
        stream: async () => ({
          ...stream,
          async take(limits, signal) {
            const take = await stream.take(limits, signal);
            await clock.sleep(3_000);
            if (take.transactions.length === 0 && ++idle > idleTurns) stop.abort();
            return take;
          },
        }),
      },
    },
    {
      session,
      identity,
      admission: { current: { version: 1, digest: 'matrix-1', policy }, open: [], withheld: [] },
      from: lsnZero,
      started: new Map(),
    },
  );
  return { log, committed, advanced, acknowledged };
}

test('a batch is acknowledged only after the sink has moved its checkpoint', async () => {
  const { log, acknowledged } = await run(
    [{ transactions: [transactionAt(10, insert)], position: 10n as Lsn }],
    0,
  );
  expect(log).toEqual(['advance']);
  expect(acknowledged).toEqual([10n]);
});

test('an idle position is written to the checkpoint before it is acknowledged, and not at every turn', async () => {
  const { advanced, acknowledged } = await run([
    { transactions: [], position: 50n as Lsn },
    { transactions: [], position: 60n as Lsn },
  ]);
  expect(advanced).toEqual(acknowledged);
  expect(advanced.length).toBeGreaterThan(0);
  expect(advanced.length).toBeLessThan(4);
});
