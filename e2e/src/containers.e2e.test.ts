import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseFreePort } from '@spine/platform/embedded/choose-port';
import { eventually } from '@spine/testkit/eventually';
import { startPostgres, type TestPostgres } from '@spine/testkit/start-postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ask, operation, subscribeClient } from './ask.ts';
import { runSql } from './content-hash.ts';
import { createHome } from './spine-process.ts';

// The topology of docker-compose.yml without a container engine: every service by the entry point and environment that the
// file states, on built files, with generated secrets; only host names and ports are those of this machine.
const root = fileURLToPath(new URL('../..', import.meta.url));
const { home, remove } = createHome();
const services = ['registry', 'lineage', 'governance', 'cdc', 'gateway'] as const;
const children = new Map<string, ChildProcess>();
/** Starts one service by what the file states of it; again after it was killed. */
let start: (name: (typeof services)[number]) => Promise<void>;
const output: string[] = [];
let postgres: TestPostgres;
let env: Record<string, string> = {};
const urls: Record<string, string> = {};

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      { readonly command: readonly string[]; readonly environment: Readonly<Record<string, string>> }
    >
  >;
}

beforeAll(async () => {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  execFileSync(process.execPath, ['scripts/run.js', 'scripts/generate-env.ts', home], { cwd: root });
  env = Object.fromEntries(
    readFileSync(join(home, '.env'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2) as [string, string]),
  );
  postgres = await startPostgres({ version: 'embedded' });
  for (const name of ['spine', 'shop', 'warehouse']) await runSql(postgres.url, `create database ${name}`);
  // The superuser of compose's Postgres has the generated password.
  await runSql(postgres.url, `alter role spine password '${env['POSTGRES_PASSWORD']}'`);
  await runSql(
    urlOf('shop'),
    `create table customers (id int primary key, email text not null);
     insert into customers select n, 'c' || n || '@example.org' from generate_series(1, 500) n;`,
  );
  await startAll();
});

afterAll(async () => {
  for (const child of [...children.values()].toReversed()) {
    child.kill('SIGTERM');
    await new Promise((resolve) => (child.exitCode === null ? child.once('close', resolve) : resolve(null)));
  }
  await postgres?.stop();
  remove();
});

function urlOf(database: string): string {
  return `postgres://spine:${env['POSTGRES_PASSWORD']}@127.0.0.1:${postgres.port}/${database}`;
}

const gateway = () => urls['gateway'] ?? '';
const token = () => env['SPINE_TOKEN'] ?? '';

async function startAll(): Promise<void> {
  const compose: Compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true });
  const ports: Record<string, number> = {};
  for (const name of services) ports[name] = await chooseFreePort();
  const place = (text: string) =>
    text
      .replace(/\$\{(\w+):\?[^}]*\}/g, (_, variable: string) => env[variable] ?? '')
      .replace('@postgres:5432', `@127.0.0.1:${postgres.port}`)
      .replace('/run/spine/tokens.json', join(home, 'deploy/generated/tokens.json'))
      .replace(/http:\/\/(\w+):40\d\d/, (_, name: string) => `http://127.0.0.1:${ports[name]}`);
  start = async (name) => {
    const service = compose.services[name];
    const [program, entry] = service?.command ?? [];
    expect(program).toBe('node');
    const stated = Object.entries(service?.environment ?? {}).map(([key, value]) => [
      key,
      key === `SPINE_${name.toUpperCase()}_PORT` ? String(ports[name]) : place(value),
    ]);
    const child = spawn(process.execPath, [join(root, entry ?? '')], {
      cwd: home,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'] ?? '',
        APOLLO_TELEMETRY_DISABLED: '1',
        ...Object.fromEntries(stated),
        // What compose reads from .env for cdc.
        ...(name === 'cdc' && {
          SHOP_URL: urlOf('shop'),
          WAREHOUSE_URL: urlOf('warehouse'),
          SPINE_OBLIGATION_KEY: env['SPINE_OBLIGATION_KEY'] ?? '',
        }),
      },
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => output.push(`${name}: ${String(chunk)}`));
    }
    children.set(name, child);
    urls[name] = `http://127.0.0.1:${ports[name]}`;
    await eventually(
      async () => {
        if (child.exitCode !== null)
          throw new Error(`${name} ended with ${child.exitCode}\n${output.join('')}`);
        expect((await fetch(`${urls[name]}/livez`)).status).toBe(200);
      },
      { timeoutMs: 30_000, everyMs: 100 },
    );
  };
  for (const name of services) await start(name);
}

function spine(...args: string[]): { status: number; stdout: string } {
  const locations = Object.fromEntries(
    services.map((name) => [`SPINE_${name.toUpperCase()}_URL`, urls[name]]),
  );
  const stdout = execFileSync(process.execPath, ['scripts/run.js', 'cli/src/main.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...locations, SPINE_HOME: home, SPINE_TOKEN: env['SPINE_TOKEN'] },
  });
  return { status: 0, stdout };
}

describe('every service in its own process, from built files', () => {
  test('the headline query joins all four over HTTP, with a token', async () => {
    writeFileSync(
      join(home, 'shop.yaml'),
      `apiVersion: spine/v1
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
`,
    );
    spine('apply', '-f', join(home, 'shop.yaml'));
    // No dev mode here: the matrix waits until Security has signed.
    const drafts = await ask(
      gateway(),
      '{ matrixVersions(first: 1) { nodes { version digest status } } }',
      {},
      token(),
    );
    const [draft] = drafts.data.matrixVersions.nodes;
    expect(draft).toMatchObject({ version: 1, status: 'DRAFT' });
    const signed = await ask(
      gateway(),
      `mutation Sign($digest: String!) {
         signMatrix(input: { version: 1, digest: $digest, idempotencyKey: "containers-1" }) { __typename }
       }`,
      { digest: draft.digest },
      token(),
    );
    expect(signed.errors).toBeUndefined();
    await eventually(
      async () => {
        const answer = await ask(
          gateway(),
          operation('Headline'),
          { namespace: `postgres://127.0.0.1:${postgres.port}`, name: 'shop.public.customers' },
          token(),
        );
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
      throw new Error(`${String(error)}\n${output.slice(-40).join('')}`);
    });
  });

  test('the violations subscription crosses both hops', async () => {
    const client = subscribeClient(gateway(), token());
    const iterator = client.iterate({ query: operation('Violations') });
    const first = await iterator.next();
    expect(first.value?.errors).toBeUndefined();
    expect(first.value?.data?.['violations']).toMatchObject({ __typename: 'ViolationRaised' });
    await iterator.return?.();
    await client.dispose();
  });

  test('while governance is away the route holds: nothing is delivered, and nothing is lost (R48)', async () => {
    const copied = (id: number) => runSql(urlOf('warehouse'), 'select 1 from customers where id = $1', [id]);
    children.get('governance')?.kill('SIGKILL');
    await runSql(urlOf('shop'), `insert into customers values (9001, 'held@example.org')`);
    await eventually(
      async () => {
        const { data } = await ask(gateway(), '{ route(name: "shop-to-warehouse") { state } }', {}, token());
        expect(data.route.state).toBe('HELD');
      },
      { timeoutMs: 60_000, everyMs: 500 },
    );
    expect(await copied(9001)).toEqual([]);
    await start('governance');
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
    const direct = await fetch(`${urls['cdc']}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${env['SPINE_TOKEN']}` },
      body: JSON.stringify({ query: '{ routes { nodes { name } } }' }),
    });
    expect(direct.status).toBe(401);
  });
});
