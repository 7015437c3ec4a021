import { parseLsn } from '@spine/kernel/lsn';
import { Problem } from '@spine/kernel/problem';
import { expect, test } from 'vitest';
import { type BootFacts, checkBoot } from './boot-checks.ts';

const sound: BootFacts & { slot: NonNullable<BootFacts['slot']> } = {
  route: 'shop',
  identity: {
    systemId: '7300000000000000001',
    timeline: 2,
    database: 'shop',
    serverVersion: 180_004,
    flushPosition: parseLsn('0/500'),
    timelineSwitches: [{ timeline: 1, at: parseLsn('0/300') }],
  },
  slot: {
    name: 'spine_shop',
    active: false,
    confirmedFlush: parseLsn('0/200'),
    walStatus: 'reserved',
    invalidationReason: null,
    plugin: 'pgoutput',
  },
  checkpoint: { lsn: parseLsn('0/250'), systemId: '7300000000000000001', timeline: 2, slot: 'spine_shop' },
};

function problemOf(facts: BootFacts): Problem | null {
  try {
    checkBoot(facts);
    return null;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

test.each<[string, BootFacts]>([
  ['ahead of the slot, as after a crash between commit and acknowledgement', sound],
  ['where the slot is', { ...sound, checkpoint: { ...sound.checkpoint, lsn: parseLsn('0/200') } }],
  ['where the server is', { ...sound, checkpoint: { ...sound.checkpoint, lsn: parseLsn('0/500') } }],
  [
    'on the timeline that the present one left later',
    { ...sound, checkpoint: { ...sound.checkpoint, timeline: 1 } },
  ],
  [
    'with a slot that keeps more than max_wal_size',
    { ...sound, slot: { ...sound.slot, walStatus: 'extended' } },
  ],
])('a checkpoint %s goes on', (_, facts) => {
  expect(problemOf(facts)).toBeNull();
});

test.each<[string, Problem['code'], BootFacts]>([
  [
    'another cluster answers at the address',
    'SOURCE_CHANGED',
    { ...sound, identity: { ...sound.identity, systemId: '7300000000000000002' } },
  ],
  [
    'the promoted server left the timeline before the checkpoint',
    'SOURCE_CHANGED',
    { ...sound, checkpoint: { ...sound.checkpoint, timeline: 1, lsn: parseLsn('0/301') } },
  ],
  [
    'the timeline of the checkpoint is not an ancestor',
    'SOURCE_CHANGED',
    { ...sound, checkpoint: { ...sound.checkpoint, timeline: 3 } },
  ],
  [
    'the source went back in time',
    'SOURCE_CHANGED',
    { ...sound, checkpoint: { ...sound.checkpoint, lsn: parseLsn('0/501') } },
  ],
  ['the slot is missing', 'SLOT_LOST', { ...sound, slot: null }],
  [
    'the checkpoint belongs to another slot',
    'SLOT_LOST',
    { ...sound, checkpoint: { ...sound.checkpoint, slot: 'spine_other' } },
  ],
  ['the slot is not logical', 'SLOT_LOST', { ...sound, slot: { ...sound.slot, plugin: '' } }],
  [
    'the slot was invalidated',
    'SLOT_LOST',
    { ...sound, slot: { ...sound.slot, invalidationReason: 'wal_removed' } },
  ],
  ['the WAL of the slot is lost', 'SLOT_LOST', { ...sound, slot: { ...sound.slot, walStatus: 'lost' } }],
  [
    'the slot has confirmed more than was delivered',
    'SLOT_LOST',
    { ...sound, slot: { ...sound.slot, confirmedFlush: parseLsn('0/251') } },
  ],
  [
    'the slot never became consistent',
    'SLOT_LOST',
    { ...sound, slot: { ...sound.slot, confirmedFlush: null } },
  ],
])('when %s the route stops and the problem names the fix', (_, code, facts) => {
  const problem = problemOf(facts);
  expect(problem?.code).toBe(code);
  expect(problem?.fix).toContain('spine apply');
});
