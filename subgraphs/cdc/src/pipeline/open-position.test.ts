import { parseLsn } from '@spine/kernel/lsn';
import { compilePolicy } from '@spine/kernel/residency/compile-policy';
import { describe, expect, test } from 'vitest';
import type { Route } from '../domain/endpoint.ts';
import type { Checkpoint, SinkSession } from '../sink/sink.ts';
import type { SlotState, SourceIdentity } from '../source/change-source.ts';
import { memoryContext } from './memory-context.ts';
import { memoryClock, memoryFeed, memoryLeaves, memorySession } from './memory-route.ts';
import { openPosition } from './open-position.ts';

const policy = compilePolicy({
  regions: [],
  sources: [],
  sinks: [],
  classification: [],
  residency: { rules: [], exceptions: [] },
});
const checkpoint: Checkpoint = {
  lsn: parseLsn('0/200'),
  changes: 7n,
  systemId: '1',
  timeline: 1,
  slot: 'spine_shop_to_warehouse',
  updatedAt: new Date(0),
};
const slot: SlotState = {
  name: 'spine_shop_to_warehouse',
  active: false,
  confirmedFlush: parseLsn('0/100'),
  walStatus: 'reserved',
  invalidationReason: null,
  plugin: 'pgoutput',
};
const identity: SourceIdentity = {
  systemId: '1',
  timeline: 1,
  database: 'shop',
  serverVersion: 180_000,
  flushPosition: parseLsn('0/900'),
};

/** Opens the position of a route whose slot and source stand like this; answers what was done on the way. */
async function opened(
  found: SlotState | null,
  { source = identity, route = {} }: { source?: SourceIdentity; route?: Partial<Route> } = {},
) {
  const done: string[] = [];
  const { context } = memoryContext({
    clock: memoryClock(),
    leaves: memoryLeaves([]).queue,
    policyFeed: memoryFeed(policy),
  });
  const session: SinkSession = {
    ...memorySession([]).session,
    checkpoint,
    initialise: async ({ lsn }) => void done.push(`checkpoint at ${lsn}`),
    followTimeline: async (timeline) => void done.push(`timeline ${timeline}`),
  };
  const position = await openPosition(
    {
      ...context,
      route: { ...context.route, ...route },
      source: {
        ...context.source,
        findSlot: async () => found,
        dropSlot: async () => void done.push('slot dropped'),
        async createSlot() {
          done.push('slot made');
          return { name: 's', consistentPoint: parseLsn('0/800'), release: async () => undefined };
        },
      },
      memory: {
        ...context.memory,
        setStartsAnew: async (value) => void done.push(`starts anew: ${value}`),
      },
    },
    session,
    source,
  );
  return { done, from: position.from };
}

test('a route goes on at its checkpoint and touches nothing', async () => {
  expect(await opened(slot)).toEqual({ done: [], from: checkpoint.lsn });
});

describe('a source that was promoted', () => {
  const promoted = (at: string): SourceIdentity => ({
    ...identity,
    timeline: 2,
    timelineSwitches: [{ timeline: 1, at: parseLsn(at) }],
  });

  test('and has all that was delivered is followed, and the checkpoint moves to its timeline', async () => {
    expect(await opened(slot, { source: promoted('0/200') })).toEqual({
      done: ['timeline 2'],
      from: checkpoint.lsn,
    });
  });

  test('and lacks some of it is not followed', async () => {
    await expect(opened(slot, { source: promoted('0/1FF') })).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
    });
  });
});

describe('a slot that is gone', () => {
  test('is for people to mend', async () => {
    await expect(opened(null)).rejects.toMatchObject({ code: 'SLOT_LOST' });
  });

  test('is made anew where the route may, and that it starts anew is remembered before', async () => {
    expect(await opened(null, { route: { slotLost: 'resnapshot' } })).toEqual({
      done: ['starts anew: true', 'slot made', `checkpoint at ${parseLsn('0/800')}`, 'starts anew: false'],
      from: parseLsn('0/800'),
    });
  });

  test('is never taken from somebody else who has one of that name', async () => {
    const foreign = { ...slot, plugin: 'test_decoding' };
    await expect(opened(foreign, { route: { slotLost: 'resnapshot' } })).rejects.toMatchObject({
      code: 'SLOT_LOST',
    });
  });

  test('does not excuse a source that is another one', async () => {
    const other = { ...identity, systemId: '2' };
    await expect(opened(null, { source: other, route: { slotLost: 'resnapshot' } })).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
    });
  });
});
