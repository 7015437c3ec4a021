import { expect, test } from 'vitest';
import { announceEveryMs, followViolations } from './follow-violations.ts';
import { sampleDecision, sampleLeafDecision } from './samples.ts';
import { fingerprintOf, severityOf } from './violation.ts';

const t0 = new Date('2026-11-24T12:00:00.000Z');
const after = (ms: number) => new Date(t0.getTime() + ms);
const ids = () => {
  let count = 0;
  return () => `v${++count}`;
};
const denied = sampleDecision();
const allowed = sampleDecision({ ...sampleLeafDecision(), seq: 9n });

test('a denial opens a violation and is told at once', () => {
  const { opened, updated, events } = followViolations([], [denied], t0, ids());
  expect(opened).toMatchObject([
    {
      id: 'v1',
      status: 'OPEN',
      severity: 'ERROR',
      fingerprint: fingerprintOf(denied),
      occurrences: 1,
      rowsWithheld: 10,
      reason: denied.reason,
    },
  ]);
  expect(updated).toEqual([]);
  expect(events.map((event) => event.type)).toEqual(['raised']);
});

test('repetitions are counted, and told at most every few seconds', () => {
  const [standing] = followViolations([], [denied], t0, ids()).opened;
  const soon = followViolations(standing ? [standing] : [], [denied, denied], after(100), ids());
  expect(soon.opened).toEqual([]);
  expect(soon.updated).toMatchObject([{ occurrences: 3, rowsWithheld: 30 }]);
  expect(soon.events).toEqual([]);
  const later = followViolations(soon.updated, [denied], after(announceEveryMs), ids());
  expect(later.events).toMatchObject([{ type: 'updated', violation: { occurrences: 4 } }]);
  const thenSoon = followViolations(later.updated, [denied], after(announceEveryMs + 1), ids());
  expect(thenSoon.events).toEqual([]);
});

test('an allowance of the same route, sink and table ends it, and the next denial is another violation', () => {
  const newId = ids();
  const { opened } = followViolations([], [denied], t0, newId);
  const ended = followViolations(opened, [allowed, denied], after(10), newId);
  expect(ended.updated).toMatchObject([
    { id: 'v1', status: 'RESOLVED', resolvedAt: after(10).toISOString() },
  ]);
  expect(ended.opened).toMatchObject([{ id: 'v2', status: 'OPEN', occurrences: 1 }]);
  expect(ended.events.map((event) => event.type)).toEqual(['updated', 'raised']);
});

test('an allowance of another table or sink ends nothing', () => {
  const { opened } = followViolations([], [denied], t0, ids());
  const others = [
    { ...allowed, logicalName: 'shop.public.orders' },
    { ...allowed, sink: 'warehouse' },
    { ...allowed, route: 'other' },
  ];
  expect(followViolations(opened, others, t0, ids()).updated).toEqual([]);
});

test('a table that waits for its copy is counted where a violation stands, and opens none', () => {
  const waiting = sampleDecision({ reason: 'cut_off_until_apply', ruleIds: ['us-masked'] });
  expect(followViolations([], [waiting], t0, ids()).opened).toEqual([]);
  const { opened } = followViolations([], [denied], t0, ids());
  expect(followViolations(opened, [waiting], after(1), ids()).updated).toMatchObject([
    { status: 'OPEN', occurrences: 2 },
  ]);
});

test('another rule, class or table is another violation', () => {
  const { opened } = followViolations(
    [],
    [
      denied,
      { ...denied, ruleIds: ['no-sg'] },
      { ...denied, dataClass: 'restricted' },
      { ...denied, logicalName: 'shop.public.orders' },
    ],
    t0,
    ids(),
  );
  expect(new Set(opened.map((violation) => violation.fingerprint)).size).toBe(4);
});

test.each([
  ['public', [], 'INFO'],
  ['internal', [], 'WARNING'],
  ['internal', ['pii'], 'ERROR'],
  ['confidential', [], 'ERROR'],
  ['restricted', [], 'CRITICAL'],
  ['unknown', [], 'CRITICAL'],
])('a breach of %s with tags %j is %s', (dataClass, tags, severity) => {
  expect(severityOf({ dataClass, tags })).toBe(severity);
});
