import { eventually } from '@spine/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, askService, operation } from './ask.ts';
import { contentOf, runSql, whileStill } from './content-hash.ts';
import { type ShopStage, shopStages } from './shop-stage.ts';

// The story of the product on its own example: a commit in the shop reaches the warehouse, and one query shows all four domains.
describe.each(shopStages)('commit to graph, with %s', (_how, start) => {
  let stage: ShopStage;

  beforeAll(async () => {
    stage = await start();
  });

  afterAll(() => stage?.stop());

  async function customers() {
    const [row] = await runSql<{ namespace: string }>(
      stage.urlOf('spine'),
      `select namespace from cdc.endpoint where kind = 'source' and name = 'shop'`,
    );
    return { namespace: row?.namespace ?? '', name: 'shop.public.customers' };
  }

  test('the headline query has content in every branch under 30 s after the start (R131)', async () => {
    const data = await eventually(
      async () => {
        const answer = await ask(stage.urls.gateway, operation('Headline'), await customers(), stage.token);
        expect(answer.errors).toBeUndefined();
        const { dataset } = answer.data;
        expect(dataset.subject.latest).toMatchObject({ semver: '1.0.0' });
        expect(dataset.subject.latest.fields).toContainEqual(
          expect.objectContaining({ path: 'email', tags: ['pii'] }),
        );
        expect(dataset.subject.versions.nodes).toHaveLength(1);
        expect(dataset.lineage.nodes.map((node: { __typename: string }) => node.__typename)).toEqual(
          expect.arrayContaining(['Dataset', 'Job']),
        );
        expect(dataset.lineage.edges.length).toBeGreaterThan(0);
        expect(dataset.classification).toMatchObject({ dataClass: 'confidential', tags: ['pii'] });
        expect(dataset.residency.region).toBe('eu-central-1');
        expect(dataset.residency.decisions.nodes.length).toBeGreaterThan(0);
        const states = new Map(
          dataset.routes.map((route: { name: string; state: string }) => [route.name, route.state]),
        );
        expect(states.get('shop-to-warehouse')).toBe('STREAMING');
        expect(states.get('shop-to-us')).toBe('STREAMING');
        expect(states.get('shop-to-ad-partner')).toBe('DENIED');
        const warehouse = dataset.routes.find(
          (route: { name: string }) => route.name === 'shop-to-warehouse',
        );
        expect(warehouse.checkpoint.position).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
        expect(warehouse.lag.p95Seconds).toBeGreaterThan(0);
        expect(warehouse.deadLetters).toEqual({ open: 0, parked: 0 });
        return dataset;
      },
      { timeoutMs: 60_000, everyMs: 500 },
    );
    expect(data.namespace).toMatch(/^postgres:/);
    expect(Date.now() - stage.startedAt).toBeLessThan(30_000);
  });

  test('a committed row is in the warehouse as it is, and in the US with its personal data hashed (R45, R46)', async () => {
    const shop = stage.urlOf('shop');
    const [row] = await runSql<{ id: string }>(
      shop,
      `insert into customers (full_name, email, phone, country) values ('Ada', 'ada@example.org', null, 'DE') returning id`,
    );
    const read = (database: string) =>
      runSql<{ full_name: string; email: string; phone: string | null; country: string }>(
        stage.urlOf(database),
        'select full_name, email, phone, country from customers where id = $1',
        [row?.id],
      );
    await eventually(async () => {
      expect(await read('warehouse')).toEqual([
        { full_name: 'Ada', email: 'ada@example.org', phone: null, country: 'DE' },
      ]);
      const [lake] = await read('us_lake');
      expect(lake).toMatchObject({ phone: null, country: 'DE' });
      expect(lake?.email).toMatch(/^[0-9a-f]{64}$/);
      expect(lake?.full_name).toMatch(/^[0-9a-f]{64}$/);
    });
  });

  test('every table of the shop is equal at the warehouse by content hash (R35)', async () => {
    const shop = stage.urlOf('shop');
    const warehouse = stage.urlOf('warehouse');
    const tables = ['customers', 'orders', 'order_events'];
    await whileStill(shop, tables, async () => {
      for (const table of tables) {
        const source = await contentOf(shop, table);
        expect(source.rows).toBeGreaterThan(1000);
        await eventually(async () => expect(await contentOf(warehouse, table)).toEqual(source));
      }
    });
  });

  test('a personal value that was moved stands in no ledger, lineage, schema, status or log (invariant 9)', async () => {
    const metadata = stage.urlOf('spine');
    const tables = await runSql<{ name: string }>(
      metadata,
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname in ('gateway', 'registry', 'lineage', 'cdc', 'governance')`,
    );
    expect(tables.length).toBeGreaterThan(10);
    for (const { name } of tables) {
      const found = await runSql(
        metadata,
        `select 1 from ${name} as t where t::text like '%ada@example.org%' limit 1`,
      );
      expect({ name, found }).toEqual({ name, found: [] });
    }
    expect(stage.output()).not.toContain('ada@example.org');
  });

  test('the ledger verifies from end to end', async () => {
    expect(await askService(`${stage.urls.governance}/internal/ledger/verify`, stage)).toMatchObject({
      ok: true,
    });
  });

  test('spine status lists every URL and route', async () => {
    const status = JSON.parse(await stage.spine('status', '--json'));
    expect(status.urls).toMatchObject({ gateway: stage.urls.gateway });
    expect(status.routes.map((route: { name: string }) => route.name)).toEqual([
      'shop-to-ad-partner',
      'shop-to-us',
      'shop-to-warehouse',
    ]);
  });
});
