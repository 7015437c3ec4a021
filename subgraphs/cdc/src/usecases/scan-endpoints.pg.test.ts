import { systemClock } from '@spine/platform/clock';
import { createDatabase, type Database } from '@spine/platform/postgres/create-database';
import { migrate } from '@spine/platform/postgres/migrate';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SightingKind } from '../domain/scan/sighting.ts';
import { openReplicationSocket } from '../source/replication-socket.ts';
import type { CdcTables } from '../store/cdc-tables.ts';
import { putEndpoint } from '../store/endpoints.ts';
import { type FindingStanding, listFindings } from '../store/findings.ts';
import { cdcMigrations } from '../store/migrations.ts';
import { putRoute, removeRoute, routeSpecShape } from '../store/routes.ts';
import { listScans } from '../store/scans.ts';
import { reviewFinding } from './review-finding.ts';
import { createScanner, type Scanner } from './scan-endpoints.ts';

// R57, R58: one server with a source and a sink; strangers come and go. The server is shared, so tests look for names of their own.
const mark = `t${process.pid}${Date.now().toString(36)}`;
const rogue = (what: string): string => `rogue_${what}_${mark}`;
let store: TestDatabase;
let shop: TestDatabase;
let lake: TestDatabase;
let database: Database<CdcTables>;
let scanner: Scanner;
const log = createRecordingLog();

beforeAll(async () => {
  [store, shop, lake] = await Promise.all([createTestDatabase(), createTestDatabase(), createTestDatabase()]);
  database = createDatabase<CdcTables>({ url: store.url, schema: 'cdc', log });
  await migrate(database, cdcMigrations);
  await register({});
  await putRoute(database.kysely, routeSpecShape.parse(routeOf(`shop-${mark}`)));
  scanner = newScanner(false);
  await atShop('create table orders (id int primary key); create table secrets (id int primary key)');
});
afterAll(async () => {
  await database?.close();
  await atLake(
    `alter subscription ${rogue('sub')} set (slot_name = none); drop subscription ${rogue('sub')}`,
  ).catch(() => undefined);
  await atShop(`drop role if exists ${rogue('role')}, ${rogue('late')}, ${rogue('role_2')}`).catch(
    () => undefined,
  );
  await Promise.all([store?.drop(), shop?.drop(), lake?.drop()]);
});

const routeOf = (name: string) => ({ name, source: 'shop', sink: 'lake', tables: ['public.*'], owner: 'a' });

const newScanner = (unobservedIsFound: boolean): Scanner =>
  createScanner({
    database,
    resolver: {
      url: (reference) => ({ 'env:SHOP': shop.url, 'env:LAKE': lake.url })[reference] ?? reference,
      key: () => Buffer.alloc(0),
    },
    unobservedIsFound,
    clock: systemClock,
    log,
  });

async function register(source: {
  readonly quarantine?: 'enforce';
  readonly adminUrl?: string;
  readonly consumers?: readonly object[];
}): Promise<void> {
  const place = { namespace: 'postgres://here', database: 'd' };
  const plain = { type: 'postgres', region: 'eu-central-1', owner: 'a' };
  await putEndpoint(
    database.kysely,
    'source',
    Object.assign({ ...plain, name: 'shop', url: 'env:SHOP', tables: ['public.*'] }, source),
    place,
  );
  const sink = { ...plain, purpose: 'a', retention: 'P1D', iam: 'w' };
  await putEndpoint(
    database.kysely,
    'sink',
    Object.assign({ ...sink, name: 'lake', url: 'env:LAKE' }),
    place,
  );
}

async function run(url: string, text: string): Promise<pg.QueryResult['rows']> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
const atShop = (text: string) => run(shop.url, text);
const atLake = (text: string) => run(lake.url, text);
const slotsNamed = (name: string) => atShop(`select 1 from pg_replication_slots where slot_name = '${name}'`);

/** A client that holds a slot by streaming from it, as a consumer would. */
async function readSlot(name: string, as: { user?: string; password?: string } = {}) {
  const url = new URL(shop.url);
  const { user = url.username, password = url.password } = as;
  Object.assign(url, { username: user, password });
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const stream = await openReplicationSocket({
    address: { url: url.toString(), route: 'elsewhere' },
    command: `START_REPLICATION SLOT ${name} LOGICAL 0/0 (proto_version '1', publication_names 'p')`,
    onCopyData: () => true,
    onLost: end,
  });
  return { ended, leave: () => stream.close(Buffer.alloc(0)) };
}

async function findings(kind: SightingKind, standing: FindingStanding | null = null) {
  const all = await listFindings(database.kysely, { before: null, limit: 1_000, standing });
  // Roles and physical slots of the whole server are seen; those of other tests are none of ours.
  return all.filter((finding) => finding.kind === kind && finding.name.includes(mark));
}
const namesOf = async (kind: SightingKind, standing: FindingStanding) =>
  (await findings(kind, standing)).map(({ name }) => name);
const slot = (name: string): string => `select pg_create_logical_replication_slot('${name}', 'pgoutput')`;

test('first contact writes down what is there as a baseline, and touches nothing', async () => {
  await atShop(slot(rogue('old')));
  await atShop(`create publication ${rogue('old')} for table orders`);
  const scan = await scanner.scan();
  expect(scan).toMatchObject({ opened: 0, requestedBy: null });
  expect(scan.endpoints.map(({ kind, name, unobserved }) => [kind, name, unobserved])).toEqual([
    ['source', 'shop', []],
    ['sink', 'lake', []],
  ]);
  expect(await namesOf('slot', 'baseline')).toEqual([rogue('old')]);
  expect(await namesOf('publication', 'baseline')).toEqual([rogue('old')]);
  expect(await namesOf('published_table', 'baseline')).toEqual([`${rogue('old')}: public.orders`]);
  expect(await slotsNamed(rogue('old'))).toHaveLength(1);
});

test('R57: what comes later is found by the next scan, whatever it is; what is ours never is', async () => {
  const own = `spine_shop_${mark}`;
  await atShop(slot(own));
  await atShop(`create publication ${own} for table orders; create publication ${own}_insert`);
  await atShop(slot(rogue('slot')));
  await atShop(`create publication ${rogue('pub')} for all tables`);
  await atShop(`alter publication ${rogue('old')} add table secrets`);
  await atShop(`create role ${rogue('role')} login replication password 'open'`);
  await atLake(
    `create subscription ${rogue('sub')} connection 'host=nowhere password=hush' publication p with (connect = false)`,
  );
  await atLake(`create foreign data wrapper ${rogue('fdw')}`);
  await atLake(
    `create server ${rogue('server')} foreign data wrapper ${rogue('fdw')} options (host 'elsewhere.example')`,
  );
  await atLake(`create user mapping for public server ${rogue('server')} options (password 'hush')`);
  const scan = await scanner.scan();
  expect(scan.opened).toBeGreaterThanOrEqual(8);
  expect(await namesOf('slot', 'open')).toEqual([rogue('slot')]);
  expect(await namesOf('publication', 'open')).toEqual([rogue('pub')]);
  expect((await namesOf('published_table', 'open')).sort()).toEqual([
    `${rogue('old')}: public.secrets`,
    `${rogue('pub')}: every table`,
  ]);
  expect(await namesOf('replication_role', 'open')).toEqual([rogue('role')]);
  expect(await namesOf('subscription', 'open')).toEqual([rogue('sub')]);
  expect(await namesOf('foreign_server', 'open')).toEqual([rogue('server')]);
  expect(await namesOf('user_mapping', 'open')).toEqual([`${rogue('server')}: public`]);
  expect(JSON.stringify(log.entries)).toContain('finding.opened');
});

test('what is found tells where it leads and never a password', async () => {
  const all = await listFindings(database.kysely, { before: null, limit: 1_000, standing: null });
  const text = JSON.stringify(all, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  expect(text).toContain('elsewhere.example');
  expect(text).not.toContain('hush');
});

test('shadow, the default, says what it would do and does nothing', async () => {
  await scanner.scan();
  const [found] = await findings('slot', 'open');
  expect(found).toMatchObject({
    steps: [`end whoever reads the slot ${rogue('slot')}, and drop it`],
    actedAt: null,
    reports: [],
  });
  expect(await slotsNamed(rogue('slot'))).toHaveLength(1);
});

test('a second scan opens nothing anew, and what went is gone', async () => {
  await atShop(`drop publication ${rogue('pub')}`);
  const { opened } = await scanner.scan();
  const scans = await listScans(database.kysely, { before: null, limit: 100 });
  expect(scans[0]).toMatchObject({ opened });
  expect(await namesOf('publication', 'open')).toEqual([]);
  expect(await namesOf('publication', 'gone')).toEqual([rogue('pub')]);
  expect(await namesOf('slot', 'open')).toEqual([rogue('slot')]);
});

test('a stranger who reads a slot of ours is found, by role', async () => {
  const thief = await readSlot(`spine_shop_${mark}`, { user: rogue('role'), password: 'open' });
  await scanner.scan();
  await thief.leave();
  expect(await namesOf('slot_reader', 'open')).toEqual([`spine_shop_${mark} read by ${rogue('role')}`]);
});

test('R58: a review is kept; approved, a finding stays where it is and is not opened again', async () => {
  const [found] = await findings('foreign_server', 'open');
  if (found === undefined) throw new Error('no finding to review');
  const review = { id: found.id, verdict: 'approved' as const, note: 'the archive', principal: 'ann' };
  const deps = { database, clock: systemClock };
  await reviewFinding(deps, { ...review, idempotencyKey: 'a' });
  await reviewFinding(deps, { ...review, idempotencyKey: 'a' });
  await scanner.scan();
  expect(await findings('foreign_server', 'reviewed')).toMatchObject([{ verdict: 'approved' }]);
  const kept = await database.kysely.selectFrom('finding_review').select(['note', 'principal']).execute();
  expect(kept).toEqual([{ note: 'the archive', principal: 'ann' }]);
  await expect(
    reviewFinding(deps, { ...review, verdict: 'rejected', idempotencyKey: 'a' }),
  ).rejects.toMatchObject({ code: 'CONFLICT' });
  await expect(reviewFinding(deps, { ...review, id: 999_999n, idempotencyKey: 'b' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

const declared = [{ kind: 'slot', name: `declared_*_${mark}`, owner: 'b' }];
test('a consumer that spine.yaml declares is nobody to find', async () => {
  await register({ consumers: declared });
  await atShop(slot(`declared_x_${mark}`));
  await scanner.scan();
  expect((await findings('slot')).map(({ name }) => name)).not.toContain(`declared_x_${mark}`);
});

test('enforce without adminUrl does nothing and says why', async () => {
  await register({ quarantine: 'enforce', consumers: declared });
  await scanner.scan();
  const [found] = await findings('slot', 'open');
  expect(found?.reports).toMatchObject([{ outcome: 'failed', reason: 'source shop has no adminUrl' }]);
  expect(await slotsNamed(rogue('slot'))).toHaveLength(1);
});

test('R58: enforce drops the rogue slot and takes the right to replicate, spares the baseline and the declared, and keeps the evidence', async () => {
  await register({ quarantine: 'enforce', adminUrl: 'env:SHOP', consumers: declared });
  await scanner.scan();
  expect(await slotsNamed(rogue('slot'))).toEqual([]);
  for (const spared of [rogue('old'), `declared_x_${mark}`, `spine_shop_${mark}`]) {
    expect(await slotsNamed(spared)).toHaveLength(1);
  }
  expect(await atShop(`select rolreplication from pg_roles where rolname = '${rogue('role')}'`)).toEqual([
    { rolreplication: false },
  ]);
  // The sink did not ask for enforcement.
  expect(await atLake(`select subname from pg_subscription where subname = '${rogue('sub')}'`)).toHaveLength(
    1,
  );
  await scanner.scan();
  const gone = (await findings('slot', 'gone')).find(({ name }) => name === rogue('slot'));
  expect(gone).toMatchObject({ reports: [{ outcome: 'done', reason: null }] });
  expect(gone?.actedAt).not.toBeNull();
});

test('a reader is ended before its slot is dropped', async () => {
  await atShop(slot(rogue('active')));
  const reader = await readSlot(rogue('active'));
  await scanner.scan();
  await reader.ended;
  expect(await slotsNamed(rogue('active'))).toEqual([]);
});

test('a baseline that a person rejects is cut off too', async () => {
  const [old] = await findings('slot', 'baseline');
  if (old === undefined) throw new Error('no baseline');
  await reviewFinding(
    { database, clock: systemClock },
    { id: old.id, verdict: 'rejected', note: 'nobody knows it', principal: 'ann', idempotencyKey: 'c' },
  );
  await scanner.scan();
  expect(await slotsNamed(rogue('old'))).toEqual([]);
});

test('the slot of a route that was just removed is left to be dropped; when it still stands later, it is found', async () => {
  await register({ consumers: declared });
  await scanner.scan();
  await removeRoute(database.kysely, `shop-${mark}`);
  await scanner.scan();
  expect(await namesOf('slot', 'open')).toEqual([]);
  await scanner.scan();
  expect(await namesOf('slot', 'open')).toEqual([`spine_shop_${mark}`]);
});

test('what cannot be observed is told; outside of dev mode it is a finding, until it can be', async () => {
  const place = { namespace: 'n', database: 'd' };
  const blind = { name: 'blind', type: 'postgres', region: 'eu', owner: 'a', tables: [] };
  await putEndpoint(database.kysely, 'source', { ...blind, ...{ url: 'postgres://127.0.0.1:1/x' } }, place);
  const lenient = await scanner.scan();
  expect(lenient.endpoints.find(({ name }) => name === 'blind')?.unobserved).toMatchObject([
    { kind: null, reason: 'no connection (ECONNREFUSED)' },
  ]);
  const strict = newScanner(true);
  const blindSpots = async (standing: FindingStanding) =>
    (await listFindings(database.kysely, { before: null, limit: 1_000, standing })).filter(
      ({ kind, endpoint }) => kind === 'unobserved' && endpoint.name === 'blind',
    );
  expect(await blindSpots('open')).toEqual([]);
  await strict.scan();
  expect(await blindSpots('open')).toHaveLength(1);
  await putEndpoint(database.kysely, 'source', { ...blind, ...{ url: shop.url } }, place);
  await strict.scan();
  expect(await blindSpots('gone')).toHaveLength(1);
});

test('what is ours on a server stays ours while another endpoint there cannot be reached', async () => {
  const name = `elsewhere-${mark}`;
  await putRoute(database.kysely, routeSpecShape.parse({ ...routeOf(name), source: 'blind' }));
  const url = new URL(shop.url);
  Object.assign(url, { username: rogue('late'), password: 'x' });
  await atShop(`create role ${rogue('late')} login replication password 'x'`);
  const place = { namespace: 'n', database: 'd' };
  const blind = { name: 'blind', type: 'postgres', region: 'eu', owner: 'a', tables: [] };
  // Its login is right, and its database is not there.
  url.pathname = '/not_there';
  await putEndpoint(database.kysely, 'source', { ...blind, ...{ url: url.toString() } }, place);
  const scan = await scanner.scan();
  expect(scan.endpoints.find((endpoint) => endpoint.name === 'blind')?.unobserved).toHaveLength(1);
  const late = async () => (await findings('replication_role')).filter((f) => f.name === rogue('late'));
  expect(await late()).toEqual([]);
  await register({ quarantine: 'enforce', adminUrl: 'env:SHOP', consumers: declared });
  await atShop(`create role ${rogue('role_2')} replication`);
  await scanner.scan();
  const [spared] = (await findings('replication_role', 'open')).filter((f) => f.name === rogue('role_2'));
  expect(spared?.reports).toMatchObject([
    { outcome: 'failed', reason: expect.stringContaining('source blind') },
  ]);
  await removeRoute(database.kysely, name);
  await atShop(`drop role ${rogue('role_2')}`);
});

test('findings of a source that is registered no more stand open no longer', async () => {
  await atShop(slot(rogue('left')));
  await register({ consumers: declared });
  await scanner.scan();
  expect(await namesOf('slot', 'open')).toContain(rogue('left'));
  await database.kysely.deleteFrom('endpoint').where('kind', '=', 'source').execute();
  await scanner.scan();
  expect(await namesOf('slot', 'open')).toEqual([]);
  expect(await namesOf('slot', 'gone')).toContain(rogue('left'));
});

test('a scan that was asked for twice by one key is one scan', async () => {
  const request = { by: 'ann', idempotencyKey: 'once' };
  const first = await scanner.scan(request);
  expect(await scanner.scan(request)).toEqual(first);
  expect(first.requestedBy).toBe('ann');
});
