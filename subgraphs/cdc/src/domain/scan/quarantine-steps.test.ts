import { expect, test } from 'vitest';
import { quarantineSteps } from './quarantine-steps.ts';
import { type Details, type SightingKind, sightingKinds } from './sighting.ts';

const kindsOf = (kind: SightingKind, details: Details = {}) =>
  quarantineSteps({ place: 'here', kind, name: 'x', details }).map((step) => step.kind);

test.each<[string, SightingKind, Details, string]>([
  ['a logical slot is dropped', 'slot', { type: 'logical', database: 'd' }, 'drop_slot'],
  ['a physical slot may be a standby’s', 'slot', { type: 'physical' }, 'by_hand'],
  ['a slot of which nothing is told is left alone', 'slot', {}, 'by_hand'],
  ['a physical walsender is never cut', 'walsender', { role: 'eve' }, 'by_hand'],
  ['a subscription is disabled', 'subscription', {}, 'disable_subscription'],
  ['a role loses the right to replicate', 'replication_role', { superuser: false }, 'take_replication'],
  ['a superuser is a person’s to judge', 'replication_role', { superuser: true }, 'by_hand'],
])('%s', (_what, kind, details, step) => {
  expect(kindsOf(kind, details)).toEqual([step]);
});

test('every kind says what to do about it', () => {
  for (const kind of sightingKinds) expect(kindsOf(kind)).not.toEqual([]);
});
