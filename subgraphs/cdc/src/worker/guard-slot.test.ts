import { createRecordingLog } from '@spine/testkit/recording-log';
import { expect, test } from 'vitest';
import type { SlotHealth } from '../domain/slot-danger.ts';
import { memoryClock } from '../pipeline/memory-route.ts';
import { createRouteProgress } from '../pipeline/route-progress.ts';
import { guardSlot } from './guard-slot.ts';

const gb = 1n << 30n;
const route = {
  name: 'shop-to-warehouse',
  source: 'shop',
  sink: 'warehouse',
  tables: ['public.*'],
  owner: 'a',
  obligationKey: null,
  revision: 1n,
};

/** Guards a slot that is seen like this, one look after the other; answers what was done, logged and said. */
async function guarded(looks: readonly (SlotHealth | null | Error)[], walLimit?: string) {
  const clock = memoryClock();
  const progress = createRouteProgress('worker-1', clock);
  const log = createRecordingLog();
  const stop = new AbortController();
  const done: string[] = [];
  const said: (string | null)[] = [];
  let next = 0;
  await guardSlot({
    route: { ...route, walLimit },
    async slotHealth() {
      if (next > 0) said.push(progress.report().reason);
      const health = looks[next];
      next += 1;
      if (next > looks.length) stop.abort();
      if (health instanceof Error) throw health;
      return health ?? null;
    },
    giveUpSlot: async () => void done.push('give up'),
    memory: { setStartsAnew: async (value) => void done.push(`starts anew: ${value}`) },
    progress,
    clock,
    log,
    signal: stop.signal,
  });
  const events = log.entries.map(({ fields }) => fields['event']).filter((event) => event !== 'slot.unseen');
  return { done, said, events };
}

const keeping = (retainedBytes: bigint): SlotHealth => ({
  walStatus: 'extended',
  invalidationReason: null,
  retainedBytes,
  safeBytes: null,
});

test('each step towards the limit is logged once, and the route says why it worries', async () => {
  const { events, said, done } = await guarded(
    [keeping(gb), keeping(5n * gb), keeping(6n * gb), keeping(9n * gb), keeping(gb)],
    '10GB',
  );
  expect(events).toEqual(['slot.warning', 'slot.danger', 'slot.recovered']);
  expect(said).toEqual([
    null,
    'the source keeps 5.0 GB of WAL for the route (walLimit 10GB)',
    'the source keeps 6.0 GB of WAL for the route (walLimit 10GB)',
    'the source keeps 9.0 GB of WAL for the route (walLimit 10GB)',
    null,
  ]);
  expect(done).toEqual([]);
});

test('at walLimit it is remembered that the route starts anew before the slot is given up', async () => {
  const { done, events, said } = await guarded([keeping(10n * gb), null, null], '10GB');
  expect(done).toEqual(['starts anew: true', 'give up', 'starts anew: true']);
  expect(events).toEqual(['slot.given_up']);
  expect(said.at(-1)).toBe(
    "its slot was given up: the source kept 10.0 GB of WAL for it, the route's walLimit is 10GB",
  );
});

test('without a walLimit no slot is ever given up', async () => {
  const { done, events } = await guarded([keeping(900n * gb), keeping(1_000n * gb)]);
  expect(done).toEqual([]);
  expect(events).toEqual([]);
});

test('a source that cannot be asked is the route to tell of, and it is asked again', async () => {
  const { events, said } = await guarded([new Error('connection refused'), keeping(9n * gb)], '10GB');
  expect(events).toEqual(['slot.danger']);
  expect(said[0]).toBe(null);
});

test('a slot that the source has taken back is told once', async () => {
  const lost = { ...keeping(0n), walStatus: 'lost', invalidationReason: 'wal_removed' };
  expect((await guarded([lost, lost])).events).toEqual(['slot.lost']);
});
