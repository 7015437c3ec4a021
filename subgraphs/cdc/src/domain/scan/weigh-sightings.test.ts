import { expect, test } from 'vitest';
import type { Finding } from './finding.ts';
import { type Aspect, aspectKey, type Sighting } from './sighting.ts';
import { weighSightings } from './weigh-sightings.ts';

const slots: Aspect = { place: 'here', kind: 'slot' };
const sighting = (name: string, more: Partial<Sighting> = {}): Sighting => ({
  place: 'here',
  kind: 'slot',
  name,
  details: {},
  ...more,
});
const finding = (name: string, more: Partial<Finding> = {}): Finding => ({
  ...sighting(name),
  id: 1n,
  endpoint: { kind: 'source', name: 'shop' },
  state: 'open',
  verdict: null,
  firstSeen: new Date(0),
  lastSeen: new Date(0),
  goneAt: null,
  steps: [],
  actedAt: null,
  reports: [],
  ...more,
});
const baselined = new Set([aspectKey(slots)]);
const nothing = { known: [], sightings: [], observed: [slots], baselined };

test('at first contact everything is the baseline, and the aspect has one from then on', () => {
  const weighed = weighSightings({ ...nothing, sightings: [sighting('a')], baselined: new Set() });
  expect(weighed.found).toEqual([{ sighting: sighting('a'), state: 'baseline' }]);
  expect(weighed.firstObserved).toEqual([slots]);
});

test('an aspect that could not be observed at first has its baseline when it can be', () => {
  const walsender = sighting('w', { kind: 'walsender' });
  const weighed = weighSightings({
    ...nothing,
    sightings: [sighting('a'), walsender],
    observed: [slots, { place: 'here', kind: 'walsender' }],
  });
  expect(weighed.found.map(({ state }) => state)).toEqual(['open', 'baseline']);
});

test('the same name at another place is another thing', () => {
  const elsewhere = sighting('a', { place: 'there' });
  const weighed = weighSightings({
    ...nothing,
    known: [finding('a')],
    sightings: [sighting('a'), elsewhere],
  });
  expect(weighed.seen.map((seen) => seen.sighting)).toEqual([sighting('a')]);
  expect(weighed.found.map((found) => found.sighting)).toEqual([elsewhere]);
});

test('what is seen twice in one scan is one thing', () => {
  expect(weighSightings({ ...nothing, sightings: [sighting('a'), sighting('a')] }).found).toHaveLength(1);
});

test('what was looked for and is not there is gone, once', () => {
  const known = [finding('a'), finding('b', { goneAt: new Date(1) })];
  expect(weighSightings({ ...nothing, known }).gone).toEqual([known[0]]);
});

test('what could not be looked for is not gone', () => {
  expect(weighSightings({ ...nothing, known: [finding('a')], observed: [] }).gone).toEqual([]);
});

test.each([
  ['approved', false],
  ['rejected', true],
  [null, false],
] as const)('one that comes back with the verdict %s reopens: %s', (verdict, reopens) => {
  const known = [
    finding('a', { goneAt: new Date(1), verdict, state: verdict === null ? 'open' : 'reviewed' }),
  ];
  const weighed = weighSightings({ ...nothing, known, sightings: [sighting('a')] });
  expect(weighed.seen).toMatchObject([{ reopens }]);
  expect(weighed.found).toEqual([]);
});

test('what cannot be observed has no baseline', () => {
  const blind = sighting('walsender', { kind: 'unobserved' });
  const weighed = weighSightings({ ...nothing, sightings: [blind], baselined: new Set() });
  expect(weighed.found).toMatchObject([{ state: 'open' }]);
});
