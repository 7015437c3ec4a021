import { eventually } from '@spine/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, operation, subscribeClient } from './ask.ts';
import { runSql } from './content-hash.ts';
import { type ShopStage, shopStages } from './shop-stage.ts';

interface Item {
  readonly __typename: string;
  readonly cursor: string;
  readonly violation?: {
    readonly id: string;
    readonly severity: string;
    readonly status: string;
    readonly reason: string;
    readonly dataset: { readonly name: string; readonly subject: { readonly name: string } | null } | null;
  };
}

/** Collects items of the committed Violations subscription until told to stop. */
function follow(
  { urls, token }: ShopStage,
  after?: string,
): { readonly items: Item[]; stop(): Promise<void> } {
  const client = subscribeClient(urls.gateway, token);
  const items: Item[] = [];
  const query = operation('Violations').replace(
    'cursor\n',
    'cursor ... on ViolationUpdated { violation { id severity status reason dataset { namespace name } } }\n',
  );
  const iterator = client.iterate({ query, variables: after === undefined ? {} : { after } });
  const reading = (async () => {
    for await (const result of iterator) {
      if (result.errors) throw new Error(JSON.stringify(result.errors));
      const item = result.data?.['violations'];
      items.push(item as Item);
    }
  })();
  return {
    items,
    async stop() {
      await iterator.return?.();
      await client.dispose();
      await reading.catch(() => undefined);
    },
  };
}

// A route that policy denies delivers nothing and tells so live; a denial in mid-stream cuts its table off.
describe.each(shopStages)('residency denial, with %s', (_how, start) => {
  let stage: ShopStage;

  async function routes(): Promise<readonly { name: string; state: string; tables: { state: string }[] }[]> {
    return JSON.parse(await stage.spine('status', '--json')).routes;
  }

  beforeAll(async () => {
    stage = await start();
    await eventually(
      async () => {
        const states = (await routes()).map((route) => route.state);
        expect(states.toSorted()).toEqual(['denied', 'streaming', 'streaming']);
      },
      { timeoutMs: 60_000, everyMs: 500 },
    );
  });

  afterAll(() => stage?.stop());

  let cursor = '';

  test('the forbidden route stands denied, without a slot, and its sink has no table (R43, R45)', async () => {
    const tables = await runSql(
      stage.urlOf('ad_partner'),
      `select 1 from pg_tables where schemaname = 'public'`,
    );
    expect(tables).toEqual([]);
    const slots = await runSql<{ slot_name: string }>(
      stage.urlOf('spine'),
      'select slot_name from pg_replication_slots order by 1',
    );
    expect(slots.map((slot) => slot.slot_name)).toEqual(['spine_shop_to_us', 'spine_shop_to_warehouse']);
  });

  test('the open violation comes first in the subscription, joined to its subject', async () => {
    const stream = follow(stage);
    try {
      await eventually(() => {
        expect(stream.items.map((item) => item.__typename)).toContain('SnapshotComplete');
      });
      const raised = stream.items.filter((item) => item.__typename === 'ViolationRaised');
      expect(raised).toHaveLength(1);
      expect(raised[0]?.violation).toMatchObject({
        status: 'OPEN',
        dataset: { name: 'shop.public.customers', subject: { name: 'shop.public.customers' } },
      });
      cursor = stream.items.at(-1)?.cursor ?? '';
    } finally {
      await stream.stop();
    }
  });

  test('a matrix that forbids the US cuts both tables off in mid-stream and raises violations live', async () => {
    const stream = follow(stage, cursor);
    try {
      await stage.apply(
        stage.spec
          .replace('id: us-masked\n      effect: allow', 'id: us-masked\n      effect: deny')
          .replace(/\n {6}obligations:.*\n/, '\n'),
      );
      await eventually(
        () => {
          const reasons = stream.items
            .filter((item) => item.__typename === 'ViolationRaised')
            .map((item) => item.violation?.dataset?.name);
          expect(reasons).toEqual(expect.arrayContaining(['shop.public.customers', 'shop.public.orders']));
        },
        { timeoutMs: 30_000 },
      );
      const lake = stage.urlOf('us_lake');
      const count = () => runSql<{ count: string }>(lake, 'select count(*) from orders');
      const [before] = await count();
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      expect(await count()).toEqual([before]);
      const us = (await routes()).find((route) => route.name === 'shop-to-us');
      expect(us?.tables.map((table) => table.state)).toEqual(['cut_off', 'cut_off']);
    } finally {
      await stream.stop();
    }
  });

  test('when policy allows again, apply copies the tables in full and they flow', async () => {
    await stage.apply(stage.spec);
    const shop = stage.urlOf('shop');
    const lake = stage.urlOf('us_lake');
    await runSql(
      shop,
      `insert into orders (customer_id, status, total, currency, items) values (1, 'after', 1, 'EUR', '[]')`,
    );
    await eventually(
      async () => {
        expect(await runSql(lake, `select 1 from orders where status = 'after'`)).toHaveLength(1);
      },
      { timeoutMs: 60_000, everyMs: 200 },
    );
    const open = await ask(
      stage.urls.gateway,
      '{ violationEvents(first: 100) { nodes { __typename } } }',
      {},
      stage.token,
    );
    expect(open.errors).toBeUndefined();
  });
});
