import type { Role } from '@spine/kernel/role';
import { makePrincipal } from '@spine/platform/auth/principal';
import { systemClock } from '@spine/platform/clock';
import { createGraphContext } from '@spine/platform/graphql/context';
import { createMetrics } from '@spine/platform/metrics/create-metrics';
import { createDatabase, type Database } from '@spine/platform/postgres/create-database';
import { migrate } from '@spine/platform/postgres/migrate';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { type GraphQLSchema, graphql } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCdcSubgraph } from '../../sdl.ts';
import type { CdcTables } from '../../store/cdc-tables.ts';
import { addFinding } from '../../store/findings.ts';
import { cdcMigrations } from '../../store/migrations.ts';
import { createScanner } from '../../usecases/scan-endpoints.ts';
import { observeScans } from '../rest/observe-scans.ts';

const log = createRecordingLog();
let pg: TestDatabase;
let database: Database<CdcTables>;
let schema: GraphQLSchema;

beforeAll(async () => {
  pg = await createTestDatabase();
  database = createDatabase<CdcTables>({ url: pg.url, schema: 'cdc', log });
  await migrate(database, cdcMigrations);
  schema = (await buildCdcSubgraph()).schema;
  for (const [name, state] of [
    ['old', 'baseline'],
    ['new', 'open'],
    ['newer', 'open'],
  ] as const) {
    await addFinding(
      database.kysely,
      { place: 'here', kind: 'slot', name, details: { type: 'logical' } },
      { endpoint: { kind: 'source', name: 'shop' }, state, steps: [`drop ${name}`], at: new Date(0) },
    );
  }
});
afterAll(async () => {
  await database?.close();
  await pg?.drop();
});

async function ask(role: Role, source: string) {
  const principal = makePrincipal({ id: `a-${role}`, kind: 'user', roles: [role] });
  const resolver = { url: (reference: string) => reference, key: () => Buffer.alloc(0) };
  const clock = systemClock;
  const scanner = createScanner({ database, resolver, unobservedIsFound: true, clock, log });
  const contextValue = {
    ...createGraphContext({ principal, requestId: 'r', log }),
    database,
    clock,
    scanner,
  };
  const { data, errors } = await graphql({ schema, source, contextValue });
  expect(errors).toBeUndefined();
  return JSON.parse(JSON.stringify(data));
}

test('findings are paged, newest first, and chosen by how they stand', async () => {
  const fields = '{ nodes { name state endpointKind endpoint quarantineSteps } pageInfo { endCursor } }';
  const first = await ask('viewer', `{ findings(first: 1, state: OPEN) ${fields} }`);
  expect(first.findings.nodes).toEqual([
    {
      name: 'newer',
      state: 'OPEN',
      endpointKind: 'SOURCE',
      endpoint: 'shop',
      quarantineSteps: ['drop newer'],
    },
  ]);
  const after = JSON.stringify(first.findings.pageInfo.endCursor);
  const next = await ask('viewer', `{ findings(first: 5, state: OPEN, after: ${after}) ${fields} }`);
  expect(next.findings.nodes).toMatchObject([{ name: 'new' }]);
});

const review = (id: string, key: string, note: string) => `mutation {
  reviewFinding(input: { idempotencyKey: "${key}", id: "${id}", verdict: APPROVED, note: "${note}" }) {
    __typename
    ... on FindingReviewed { finding { name state verdict reviews { verdict note by } } }
    ... on UserError { code path }
  }
}`;

test.each(['viewer', 'operator', 'steward', 'compliance'] as const)('a %s reviews nothing', async (role) => {
  expect((await ask(role, review('1', 'k', 'mine'))).reviewFinding).toMatchObject({
    __typename: 'Forbidden',
    code: 'FORBIDDEN',
  });
});

test('security reviews with a reason, and the review says who did', async () => {
  expect((await ask('security', review('2', 'k', 'the archive'))).reviewFinding).toEqual({
    __typename: 'FindingReviewed',
    finding: {
      name: 'new',
      state: 'REVIEWED',
      verdict: 'APPROVED',
      reviews: [{ verdict: 'APPROVED', note: 'the archive', by: 'a-security' }],
    },
  });
});

test.each([
  ['no reason', review('2', 'k2', ' '), 'InvalidInput'],
  ['no number', review('x', 'k3', 'y'), 'InvalidInput'],
  ['nothing that was found', review('77', 'k4', 'y'), 'NotFound'],
  ['the key of another request', review('3', 'k', 'y'), 'InvalidInput'],
])('%s is refused with its path', async (_what, mutation, type) => {
  const { reviewFinding } = await ask('security', mutation);
  expect(reviewFinding).toMatchObject({ __typename: type, path: ['input', expect.any(String)] });
});

const scanNow = `mutation {
  scanNow(input: { idempotencyKey: "s" }) {
    __typename
    ... on Scanned { openFindings scan { id requestedBy } }
  }
}`;

test('an operator scans, once for a key; a viewer sees the scan and asks for none', async () => {
  const { scanNow: scanned } = await ask('operator', scanNow);
  expect(scanned).toMatchObject({ __typename: 'Scanned', scan: { requestedBy: 'a-operator' } });
  expect((await ask('operator', scanNow)).scanNow.scan).toEqual(scanned.scan);
  expect((await ask('viewer', scanNow)).scanNow).toEqual({ __typename: 'Forbidden' });
  const { scans } = await ask('viewer', '{ scans { nodes { id requestedBy endpoints { name } } } }');
  expect(scans.nodes).toEqual([{ ...scanned.scan, endpoints: [] }]);
});

test('Prometheus is told how many stand open, and how old the last look is', async () => {
  const metrics = createMetrics('cdc');
  observeScans(metrics, database, systemClock);
  const text = await metrics.registry.metrics();
  const open = (await ask('operator', scanNow)).scanNow.openFindings;
  expect(text).toContain(`spine_cdc_findings_open{service="cdc"} ${open}\n`);
  expect(text).toMatch(/spine_cdc_scan_age_seconds\{service="cdc"\} \d+\.?\d*\n/);
});
