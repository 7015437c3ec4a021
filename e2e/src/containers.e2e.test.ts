import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@spine/testkit/eventually';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, operation } from './ask.ts';
import { type ComposeTopology, startComposeTopology } from './compose-topology.ts';
import { runSql } from './content-hash.ts';
import { createHome } from './spine-process.ts';
import { signMatrix } from './stage.ts';

const { home, remove } = createHome();
let topology: ComposeTopology;
const gateway = () => topology.urls.gateway;
const token = () => topology.token;
const customers = () => ({
  namespace: `postgres://127.0.0.1:${topology.postgres.port}`,
  name: 'shop.public.customers',
});
const urlOf = (database: string) => topology.urlOf(database);

beforeAll(async () => {
  topology = await startComposeTopology({
    home,
    databases: ['shop', 'warehouse'],
    prepare: (databaseUrl) =>
      runSql(
        databaseUrl('shop'),
        `create table customers (id int primary key, email text not null);
         insert into customers select n, 'c' || n || '@example.org' from generate_series(1, 500) n;`,
      ).then(() => undefined),
  });
});

afterAll(async () => {
  await topology?.stop();
  remove();
});

const spec = `apiVersion: spine/v1
sources:
  - { name: shop, type: postgres, url: env:SHOP_URL, region: eu-central-1, owner: data-platform, tables: [public.*] }
sinks:
  - { name: warehouse, type: postgres, url: env:WAREHOUSE_URL, region: eu-central-1, owner: analytics, purpose: analytics, retention: P1D, iam: w }
  - { name: elsewhere, type: postgres, url: env:WAREHOUSE_URL, region: us-east-1, owner: growth, purpose: marketing, retention: P1D, iam: w }
routes:
  - { name: shop-to-warehouse, source: shop, sink: warehouse, tables: [public.*], owner: data-platform }
  - { name: shop-to-elsewhere, source: shop, sink: elsewhere, tables: [public.*], owner: growth }
classification:
  - { dataset: shop.public.*, class: internal, fields: { email: [pii] } }
residency:
  rules:
    - { id: eu, effect: allow, match: { class: [internal], from: [EU], to: [EU] }, rationale: stays }
`;

let applied = 0;

/** Applies a file and signs its matrix. */
async function apply(text: string): Promise<void> {
  applied += 1;
  writeFileSync(join(home, 'shop.yaml'), text);
  topology.spine('apply', '-f', join(home, 'shop.yaml'));
  await signMatrix(topology, applied);
}

describe('every service in its own process, from built files', () => {
  test('the headline query joins all four over HTTP, with a token', async () => {
    await apply(spec);
    await eventually(
      async () => {
        const answer = await ask(gateway(), operation('Headline'), customers(), token());
        expect(answer.errors).toBeUndefined();
        expect(answer.data.dataset).toMatchObject({
          subject: { name: 'shop.public.customers', latest: { semver: '1.0.0' } },
          classification: { dataClass: 'internal', tags: ['pii'] },
          residency: { region: 'eu-central-1' },
        });
        expect(answer.data.dataset.routes.map((route: { state: string }) => route.state).toSorted()).toEqual([
          'DENIED',
          'STREAMING',
        ]);
        expect(answer.data.dataset.lineage.edges.length).toBeGreaterThan(0);
        expect(answer.data.dataset.residency.decisions.nodes.length).toBeGreaterThan(0);
      },
      { timeoutMs: 60_000, everyMs: 500 },
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${topology.output()}`);
    });
  });

  test('while governance is away the route holds: nothing is delivered, and nothing is lost (R48)', async () => {
    const copied = (id: number) => runSql(urlOf('warehouse'), 'select 1 from customers where id = $1', [id]);
    await topology.kill9('governance');
    await runSql(urlOf('shop'), `insert into customers values (9001, 'held@example.org')`);
    await eventually(
      async () => {
        const { data } = await ask(gateway(), '{ route(name: "shop-to-warehouse") { state } }', {}, token());
        expect(data.route.state).toBe('HELD');
      },
      { timeoutMs: 60_000, everyMs: 500 },
    );
    expect(await copied(9001)).toEqual([]);
    await topology.start('governance');
    await eventually(async () => expect(await copied(9001)).toHaveLength(1), {
      timeoutMs: 30_000,
      everyMs: 200,
    });
    await eventually(async () => {
      const { data } = await ask(gateway(), '{ route(name: "shop-to-warehouse") { state } }', {}, token());
      expect(data.route.state).toBe('STREAMING');
    });
  }, 120_000);

  test('without a token the gateway refuses, and a subgraph refuses whoever is not the gateway', async () => {
    const anonymous = await fetch(`${gateway()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ routes { nodes { name } } }' }),
    });
    expect(anonymous.status).toBe(401);
    const direct = await fetch(`${topology.urls.cdc}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token()}` },
      body: JSON.stringify({ query: '{ routes { nodes { name } } }' }),
    });
    expect(direct.status).toBe(401);
  });
});
