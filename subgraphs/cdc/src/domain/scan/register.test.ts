import { expect, test } from 'vitest';
import { isRegistered, type Register } from './register.ts';
import type { Details, SightingKind } from './sighting.ts';

const register: Register = {
  routes: new Set(['shop-to-lake']),
  roles: new Set(['spine']),
  consumers: [
    { kind: 'slot', name: 'debezium_*', owner: 'b' },
    { kind: 'publication', name: 'dbz', owner: 'b' },
    { kind: 'walsender', name: 'replicator standby *', owner: 'b' },
  ],
};
const pgoutput = { type: 'logical', plugin: 'pgoutput', temporary: false };
const copy = { ...pgoutput, temporary: true };

test.each<[string, boolean, SightingKind, string, Details]>([
  ['the slot of a route', true, 'slot', 'spine_shop_to_lake', pgoutput],
  ['a slot of that name with another plugin', false, 'slot', 'spine_shop_to_lake', { plugin: 'wal2json' }],
  ['the slot of no route', false, 'slot', 'spine_elsewhere', pgoutput],
  ['the slot of a copy', true, 'slot', 'spine_shop_to_lake_copy_0123abcd', copy],
  ['one that is called so and stays', false, 'slot', 'spine_shop_to_lake_copy_0123abcd', pgoutput],
  ['one whose name goes on', false, 'slot', 'spine_shop_to_lake_2', pgoutput],
  ['a reader of ours', true, 'slot_reader', 'r', { slot: 'spine_shop_to_lake', role: 'spine' }],
  ['a stranger at our slot', false, 'slot_reader', 'r', { slot: 'spine_shop_to_lake', role: 'eve' }],
  ['nobody known at our slot', false, 'slot_reader', 'r', { slot: 'spine_shop_to_lake', role: null }],
  ['a stranger at its own slot, which is found itself', true, 'slot_reader', 'r', { slot: 'x', role: 'eve' }],
  ['a connection of a route', true, 'walsender', 'w', { role: 'spine', application: 'spine shop-to-lake' }],
  ['our name by another role', false, 'walsender', 'w', { role: 'eve', application: 'spine shop-to-lake' }],
  ['another name by our role', false, 'walsender', 'w', { role: 'spine', application: 'pg_basebackup' }],
  ['a declared standby', true, 'walsender', 'replicator standby 10.0.0.7', { role: 'replicator' }],
  ['an undeclared standby', false, 'walsender', 'replicator other 10.0.0.7', { role: 'replicator' }],
  ['our publication', true, 'publication', 'spine_shop_to_lake', {}],
  ['our second publication', true, 'publication', 'spine_shop_to_lake_insert', {}],
  ['a publication called like ours', false, 'publication', 'spine_shop_to_lake_all', {}],
  ['a table of ours', true, 'published_table', 'p: t', { publication: 'spine_shop_to_lake_insert' }],
  ['a table of a declared publication', true, 'published_table', 'dbz: t', { publication: 'dbz' }],
  ['a table of another', false, 'published_table', 'x: t', { publication: 'x' }],
  ['a declared slot', true, 'slot', 'debezium_orders', pgoutput],
  ['a slot called like a declared publication', false, 'slot', 'dbz', pgoutput],
  ['a slot that only contains a declared name', false, 'slot', 'x_debezium_y', pgoutput],
  ['our role', true, 'replication_role', 'spine', {}],
  ['another role', false, 'replication_role', 'eve', {}],
  ['a subscription', false, 'subscription', 'spine_shop_to_lake', {}],
  ['what cannot be observed', false, 'unobserved', 'walsender', {}],
])('%s: registered is %s', (_what, registered, kind, name, details) => {
  expect(isRegistered({ place: 'here', kind, name, details }, register)).toBe(registered);
});

test('a route whose name is long keeps the slot of its copy', () => {
  const route = `r${'-long'.repeat(9)}-x`;
  const slot = `spine_${route.replaceAll('-', '_')}`;
  expect(slot.length).toBeGreaterThan(49);
  const name = `${slot.slice(0, 49)}_copy_0123abcd`;
  const sighting = { place: 'here', kind: 'slot' as const, name, details: copy };
  expect(isRegistered(sighting, { ...register, routes: new Set([route]) })).toBe(true);
});

test('a pattern full of stars is no slower than its text is long', () => {
  const consumers = [{ kind: 'slot' as const, name: '*a'.repeat(30), owner: 'b' }];
  const sighting = { place: 'here', kind: 'slot' as const, name: `${'a'.repeat(60)}b`, details: {} };
  expect(isRegistered(sighting, { ...register, consumers })).toBe(false);
});
