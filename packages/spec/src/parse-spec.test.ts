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

  test('only a token may keep a format, and what is shortened has a length', () => {
    const governed = (obligation: string) =>
      faultsOf(
        good.replace('rationale: stays', `obligations: [{ fields: [pii], ${obligation} }], rationale: stays`),
      );
    expect(governed('type: tokenise, keep: format')).toEqual([]);
    expect(governed('type: hash, keep: format')).toMatchObject([
      { code: 'CONFIG_INVALID', path: 'residency.rules[0].obligations[0].keep' },
    ]);
    expect(governed('type: truncate, to: 4')).toEqual([]);
    expect(governed('type: truncate')).toMatchObject([{ path: 'residency.rules[0].obligations[0].to' }]);
    expect(governed('type: mask, to: 4')).toMatchObject([{ path: 'residency.rules[0].obligations[0].to' }]);
    expect(governed('type: generalise')).toMatchObject([{ code: 'NOT_SUPPORTED' }]);
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
    [
      'a source type',
      good.replace('name: shop, type: postgres', 'name: shop, type: kafka'),
      'sources[0].type',
    ],
  ])('%s whose part is not built is refused as not supported', (_name, text, path) => {
    expect(faultsOf(text)).toContainEqual(expect.objectContaining({ code: 'NOT_SUPPORTED', path }));
  });

  describe('a Kafka sink', () => {
    const terms = 'region: eu-central-1, owner: a, purpose: analytics, retention: P7D, iam: writer';
    const withStream = (keys: string) =>
      good.replace('routes:', `  - { name: stream, type: kafka, ${keys}, ${terms} }\nroutes:`);

    test('has brokers instead of a url, and says how topics are made', () => {
      const topics = 'topicPrefix: shop., topics: { partitions: 6, cleanupPolicy: compact }';
      const sasl = 'sasl: { mechanism: scram-sha-512, username: env:U, password: env:P }';
      expect(
        parseSpec(withStream(`brokers: [env:KAFKA], ${topics}, tls: true, ${sasl}`)).sinks[1],
      ).toMatchObject({
        type: 'kafka',
        brokers: ['env:KAFKA'],
        topicPrefix: 'shop.',
        topics: { partitions: 6, cleanupPolicy: 'compact' },
      });
    });

    test('names the nearest key, and refuses what only the other kind of sink has', () => {
      expect(faultsOf(withStream('brokers: [env:KAFKA], topicPrefx: shop.'))).toMatchObject([
        {
          path: 'sinks[1].topicPrefx',
          code: 'UNKNOWN_KEY',
          message: "unknown key; did you mean 'topicPrefix'?",
        },
      ]);
      expect(faultsOf(withStream('brokers: [env:KAFKA], url: env:U'))).toMatchObject([
        { path: 'sinks[1].url' },
      ]);
      expect(faultsOf(withStream('brokers: ["localhost:9092"]'))).toMatchObject([
        { path: 'sinks[1].brokers[0]' },
      ]);
    });

    test('a kind of sink that nobody knows is refused where it stands', () => {
      expect(
        faultsOf(good.replace('name: warehouse, type: postgres', 'name: warehouse, type: oracle')),
      ).toMatchObject([{ path: 'sinks[0].type', code: 'CONFIG_INVALID' }]);
    });
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
