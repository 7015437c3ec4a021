import { Problem } from '@spine/kernel/problem';
import { describe, expect, test } from 'vitest';
import { parseSpec, type SpecFault } from './parse-spec.ts';

const good = `apiVersion: spine/v1
sources:
  - { name: shop, type: postgres, url: env:SHOP_URL, region: eu-central-1, owner: data-platform, tables: [public.*] }
sinks:
  - { name: warehouse, type: postgres, url: env:WAREHOUSE_URL, region: eu-central-1, owner: analytics, purpose: analytics, retention: P365D, iam: warehouse_writer }
routes:
  - { name: shop-to-warehouse, source: shop, sink: warehouse, tables: [public.*], owner: data-platform }
classification:
  - { dataset: shop.public.*, class: internal }
residency:
  rules:
    - { id: eu, effect: allow, match: { class: [internal], from: [EU], to: [EU] }, rationale: stays in the EU }
`;

function faultsOf(text: string): readonly SpecFault[] {
  try {
    parseSpec(text);
  } catch (error) {
    if (error instanceof Problem) return error.extensions['faults'] as readonly SpecFault[];
    throw error;
  }
  return [];
}

describe('spine.yaml', () => {
  test('a good file parses and keeps secrets as references', () => {
    expect(parseSpec(good).sources[0]?.url).toBe('env:SHOP_URL');
  });

  test('an unknown key names the nearest, its path and its line', () => {
    expect(
      faultsOf(good.replace('owner: data-platform, tables', 'ownr: data-platform, tables')),
    ).toContainEqual({
      path: 'sources[0].ownr',
      line: 3,
      code: 'UNKNOWN_KEY',
      message: "unknown key; did you mean 'owner'?",
    });
  });

  test('quarantine is enforced only by a login of its own', () => {
    const enforce = (more: string) =>
      faultsOf(good.replace('tables: [public.*] }', `tables: [public.*], quarantine: enforce${more} }`));
    expect(enforce('')).toEqual([
      expect.objectContaining({ code: 'CONFIG_INVALID', path: 'sources[0].quarantine', line: 3 }),
    ]);
    expect(enforce(', adminUrl: env:ADMIN, consumers: [{ kind: slot, name: dbz_*, owner: bi }]')).toEqual([]);
    expect(enforce(', adminUrl: postgres://in@clear')).toMatchObject([{ path: 'sources[0].adminUrl' }]);
  });

  test('an unknown region names the nearest', () => {
    expect(
      faultsOf(
        good.replace('region: eu-central-1, owner: analytics', 'region: eu-centrall-1, owner: analytics'),
      ),
    ).toEqual([expect.objectContaining({ code: 'UNKNOWN_REGION', path: 'sinks[0].region', line: 5 })]);
  });

  test.each([
    ['a top-level key', `${good}pager: []\n`, 'pager'],
    ['a key of a source', good.replace('tables: [public.*] }', 'standbys: [] }'), 'sources[0].standbys'],
    [
      'a sink type',
      good.replace('name: warehouse, type: postgres', 'name: warehouse, type: kafka'),
      'sinks[0].type',
    ],
  ])('%s whose part is not built is refused as not supported', (_name, text, path) => {
    expect(faultsOf(text)).toContainEqual(expect.objectContaining({ code: 'NOT_SUPPORTED', path }));
  });

  test('a secret in clear is refused', () => {
    expect(faultsOf(good.replace('env:SHOP_URL', 'postgres://u:p@h/db'))).toEqual([
      expect.objectContaining({ path: 'sources[0].url', code: 'CONFIG_INVALID' }),
    ]);
  });

  test('all faults are told at once', () => {
    const text = good
      .replace('sink: warehouse,', 'sink: warehose,')
      .replace('dataset: shop.', 'dataset: shap.');
    expect(faultsOf(text).map((fault) => fault.path)).toEqual([
      'routes[0].sink',
      'classification[0].dataset',
    ]);
  });

  test('text that is no YAML tells its line', () => {
    expect(faultsOf('apiVersion: [\n')).toEqual([expect.objectContaining({ code: 'CONFIG_INVALID' })]);
  });
});
