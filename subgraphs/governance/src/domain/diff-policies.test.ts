import { compilePolicy } from '@spine/kernel/residency/compile-policy';
import { expect, test } from 'vitest';
import { placeDataset } from './dataset-place.ts';
import { diffPolicies } from './diff-policies.ts';
import { samplePolicy } from './samples.ts';

const at = new Date('2026-11-24T12:00:00.000Z');
const before = samplePolicy();
const diff = (after: typeof before, old: typeof before | null = before) =>
  diffPolicies(old === null ? null : compilePolicy(old), compilePolicy(after), at).map((change) => [
    change.dataset,
    change.sink,
    change.before?.verdict ?? null,
    change.after.verdict,
  ]);

test('a first matrix lists what it allows', () => {
  expect(diff(before, null)).toEqual([
    ['shop.public.*', 'us-lake', null, 'allow'],
    ['shop.public.*', 'warehouse', null, 'allow'],
    ['shop.public.customers', 'us-lake', null, 'allow_with_obligations'],
    ['shop.public.customers', 'warehouse', null, 'allow'],
  ]);
});

test('the same matrix changes no cell, nor does another rationale', () => {
  const rules = before.residency.rules.map((rule) => ({ ...rule, rationale: 'reworded' }));
  expect(diff(before)).toEqual([]);
  expect(diff({ ...before, residency: { rules, exceptions: [] } })).toEqual([]);
});

test('a rule turned into a denial lists the cells it closes', () => {
  const rules = before.residency.rules.map(({ obligations: _gone, ...rule }) =>
    rule.id === 'us-masked' ? { ...rule, effect: 'deny' as const } : rule,
  );
  expect(diff({ ...before, residency: { rules, exceptions: [] } })).toEqual([
    ['shop.public.*', 'us-lake', 'allow', 'deny'],
    ['shop.public.customers', 'us-lake', 'allow_with_obligations', 'deny'],
  ]);
});

test('another obligation is a change, with both sides told', () => {
  const rules = before.residency.rules.map((rule) =>
    rule.id === 'us-masked' ? { ...rule, obligations: [{ type: 'drop' as const, fields: ['pii'] }] } : rule,
  );
  const after = compilePolicy({ ...before, residency: { rules, exceptions: [] } });
  expect(diffPolicies(compilePolicy(before), after, at)).toMatchObject([
    {
      dataset: 'shop.public.customers',
      from: 'eu-central-1',
      to: 'us-east-1',
      before: { obligations: [{ type: 'hash', fields: ['email'] }] },
      after: { obligations: [{ type: 'drop', fields: ['email'] }] },
    },
  ]);
});

test('a sink that is taken out or moved closes its cells', () => {
  expect(diff({ ...before, sinks: before.sinks.filter((sink) => sink.name !== 'warehouse') })).toEqual([
    ['shop.public.*', 'warehouse', 'allow', 'deny'],
    ['shop.public.customers', 'warehouse', 'allow', 'deny'],
  ]);
});

test.each([
  ['postgres://shop:5432', 'shop.public.customers', 'source', 'shop.public.customers'],
  ['postgres://us-lake:5432', 'us_lake.public.customers', 'sink', 'us-lake.public.customers'],
])('%s %s stands at a %s as %s', (namespace, name, kind, logicalName) => {
  expect(placeDataset(before, { namespace, name })).toMatchObject({ kind, logicalName });
});

test.each([
  ['postgres://shop:5432', 'other.public.customers'],
  ['postgres://elsewhere:5432', 'shop.public.customers'],
  ['postgres://shop:5432', 'shop'],
])('%s %s stands nowhere', (namespace, name) => {
  expect(placeDataset(before, { namespace, name })).toBeUndefined();
});
