import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePrincipal, type Principal } from '@spine/platform/auth/principal';
import { signRequest } from '@spine/platform/auth/service-signature';
import type { Service } from '@spine/platform/service/service';
import { eventually } from '@spine/testkit/eventually';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { type ExecutionResult, execute, parse, subscribe } from 'graphql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Leaf } from './domain/leaf.ts';
import { sampleDenial, sampleLeaf, sampleLeafDecision, samplePolicy } from './domain/samples.ts';
import { createGovernanceService } from './service.ts';

const secret = 'a-secret-of-at-least-32-characters';
const tokens = { ops: 'operator-secret', kim: 'security-secret', eve: 'viewer-secret' };

let given: TestDatabase;
let home: string;
let service: Service;

async function start(mode: 'dev' | 'tokens'): Promise<Service> {
  let tokensFile: string | null = null;
  if (mode === 'tokens') {
    tokensFile = join(home, 'tokens.json');
    const entry = (id: keyof typeof tokens, role: string) => ({
      id,
      sha256: createHash('sha256').update(tokens[id]).digest('hex'),
      roles: [role],
      functions: [],
    });
    const entries = [entry('ops', 'operator'), entry('kim', 'security'), entry('eve', 'viewer')];
    await writeFile(tokensFile, JSON.stringify(entries), { mode: 0o600 });
  }
  return await createGovernanceService({
    databaseUrl: given.url,
    host: '127.0.0.1',
    port: 0,
    serviceSecret: secret,
    streamSecret: secret,
    tokensFile,
    logLevel: 'silent',
  });
}

beforeEach(async () => {
  given = await createTestDatabase();
  home = await mkdtemp(join(tmpdir(), 'spine-governance-'));
});

afterEach(async () => {
  await service.close();
  await given.drop();
  await rm(home, { recursive: true });
});

type Method = 'GET' | 'PUT' | 'POST';

async function call(
  method: Method,
  url: string,
  options: { readonly body?: unknown; readonly headers?: Record<string, string> } = {},
) {
  const payload = options.body === undefined ? undefined : JSON.stringify(options.body);
  const response = await service.app.inject({
    method,
    url,
    headers: {
      ...(payload !== undefined && { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(payload !== undefined && { payload }),
  });
  return { status: response.statusCode, headers: response.headers, body: parsed(response.body) };
}

function parsed(text: string) {
  return text === '' ? null : JSON.parse(text);
}

/** As a worker calls: signed. */
async function asService(method: Method, url: string, body?: unknown) {
  const headers = signRequest({
    secret,
    service: 'cdc',
    method,
    path: url,
    body: body === undefined ? undefined : JSON.stringify(body),
    now: new Date(),
  });
  return await call(method, url, { ...(body !== undefined && { body }), headers });
}

const bearer = (id: keyof typeof tokens) => ({ authorization: `Bearer ${tokens[id]}` });
const principal = (id: string, role: 'security' | 'viewer' | 'operator'): Principal =>
  makePrincipal({ id, kind: 'user', roles: [role] });

async function ask(query: string, variables: Record<string, unknown> = {}, by = principal('eve', 'viewer')) {
  const { subgraph } = service;
  if (subgraph === undefined) throw new Error('no subgraph');
  const result = await execute({
    schema: subgraph.schema,
    document: parse(query),
    variableValues: variables,
    contextValue: service.contextFor(by, 'request'),
  });
  return {
    errors: result.errors,
    data: result.data === undefined ? null : JSON.parse(JSON.stringify(result.data)),
  };
}

async function follow(query: string, variables: Record<string, unknown> = {}) {
  const { subgraph } = service;
  if (subgraph === undefined) throw new Error('no subgraph');
  const iterator = await subscribe({
    schema: subgraph.schema,
    document: parse(query),
    variableValues: variables,
    contextValue: service.contextFor(principal('eve', 'viewer'), 'request'),
  });
  if (!isIterator(iterator)) throw new Error(JSON.stringify(iterator.errors));
  return {
    next: async () => {
      const { value } = await iterator.next();
      if (value?.errors) throw new Error(JSON.stringify(value.errors));
      return JSON.parse(JSON.stringify(value?.data ?? null));
    },
    stop: () => iterator.return(undefined),
  };
}

function isIterator(
  value: AsyncGenerator<ExecutionResult, void, void> | ExecutionResult,
): value is AsyncGenerator<ExecutionResult, void, void> {
  return Symbol.asyncIterator in value;
}

const putPolicy = async (document = samplePolicy()) =>
  (await asService('PUT', '/internal/policy', document)).body;
const append = async (...leaves: Leaf[]) => {
  const answer = await asService('POST', '/internal/leaves', { leaves });
  expect(answer.status).toBe(200);
  return answer.body.results;
};
const toPartner = (at: number, matrix: { version: number; digest: string }): Leaf =>
  sampleLeaf(at, matrix, {
    route: 'shop-to-ad-partner',
    sink: 'ad-partner',
    decisions: [
      sampleDenial({
        sinkDataset: { namespace: 'postgres://ad-partner:5432', name: 'ad_partner.public.customers' },
      }),
    ],
  });

const violationsQuery = `subscription ($after: Cursor, $includeOpen: Boolean) {
  violations(after: $after, includeOpen: $includeOpen) {
    __typename cursor
    ... on ViolationRaised { violation { id severity status reason dataset { namespace name } } }
    ... on ViolationUpdated { violation { id status comment acknowledgedBy } }
  }
}`;

describe('in dev mode', () => {
  beforeEach(async () => {
    service = await start('dev');
  });

  test('a matrix is planned, put, signed as dev at once, and handed out as a bundle with an ETag', async () => {
    expect((await asService('GET', '/internal/bundle')).status).toBe(404);
    const planned = (await asService('POST', '/internal/policy/plan', samplePolicy())).body;
    expect(planned).toMatchObject({ version: 1, status: 'active', changed: true });
    expect(planned.diff).toHaveLength(4);
    expect((await ask('{ matrix { version } }')).data).toEqual({ matrix: null });

    const put = await putPolicy();
    expect(put).toEqual(planned);
    expect(await putPolicy()).toMatchObject({ version: 1, status: 'active', changed: false, diff: [] });

    const bundle = await asService('GET', '/internal/bundle');
    expect(bundle.body).toMatchObject({ version: 1, digest: put.digest, document: samplePolicy() });
    const headers = {
      ...signRequest({ secret, service: 'cdc', method: 'GET', path: '/internal/bundle', now: new Date() }),
      'if-none-match': String(bundle.headers['etag']),
    };
    expect((await call('GET', '/internal/bundle', { headers })).status).toBe(304);
    const { data } = await ask('{ matrix { version digest status signedBy signedAs createdBy } }');
    expect(data.matrix).toEqual({
      version: 1,
      digest: put.digest,
      status: 'ACTIVE',
      signedBy: 'dev',
      signedAs: 'dev',
      createdBy: 'cdc',
    });
  });

  test('a matrix that comes back is a new version with the old digest', async () => {
    const first = await putPolicy();
    await putPolicy(samplePolicy({ sinks: [] }));
    expect(await putPolicy()).toMatchObject({ version: 3, digest: first.digest, changed: true });
    const { data } = await ask(
      '{ matrixVersions(first: 2) { nodes { version status changes { dataset sink after { verdict } } } pageInfo { hasNextPage } } }',
    );
    expect(
      data.matrixVersions.nodes.map((node: { version: number; status: string }) => [
        node.version,
        node.status,
      ]),
    ).toEqual([
      [3, 'ACTIVE'],
      [2, 'SUPERSEDED'],
    ]);
    expect(data.matrixVersions.pageInfo.hasNextPage).toBe(true);
    expect(data.matrixVersions.nodes[1].changes).toHaveLength(4);
  });

  test.each<[string, unknown, RegExp]>([
    [
      'a word that means no place',
      { residency: { rules: [{ id: 'r', effect: 'allow', match: { to: ['EUU'] }, rationale: 'x' }] } },
      /EUU/,
    ],
    ['an unknown key', { clasification: [] }, /clasification/],
    ['no object', [], /expected an object/],
  ])('a malformed matrix is refused with its fault: %s', async (_what, body, message) => {
    const answer = await asService('PUT', '/internal/policy', body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'INPUT_INVALID' } });
    expect(JSON.stringify(answer.body)).toMatch(message);
  });

  test('leaves are appended, found again by their position, and verified', async () => {
    const matrix = await putPolicy();
    const leaf = sampleLeaf(1, matrix);
    const [result] = await append(leaf);
    expect(result).toMatchObject({ batchId: leaf.batchId, status: 'appended', seq: 1, matrixVersion: 1 });
    expect(await append(leaf)).toMatchObject([{ status: 'exists', seq: 1, hash: result.hash }]);
    const next = `/internal/leaves/next?route=${leaf.route}&sink=${leaf.sink}&after=`;
    expect((await asService('GET', `${next}${encodeURIComponent(leaf.start)}`)).body).toEqual({
      ...leaf,
      seq: 1,
      hash: result.hash,
    });
    expect(await asService('GET', `${next}${encodeURIComponent(leaf.end)}`)).toMatchObject({
      status: 404,
      body: { code: 'LEAF_NOT_FOUND' },
    });
    expect((await asService('GET', '/internal/ledger/verify')).body).toEqual({
      ok: true,
      entries: 1,
      head: { seq: 1, hash: result.hash },
    });
    expect((await ask('{ ledgerHead { seq hash } }')).data.ledgerHead).toEqual({ seq: 1, hash: result.hash });
  });

  test('a malformed leaf is refused and appends nothing', async () => {
    const matrix = await putPolicy();
    const good = sampleLeaf(1, matrix);
    for (const bad of [
      { ...good, start: 'nowhere' },
      { ...good, decisions: [{ ...sampleLeafDecision(), verdict: 'maybe' }] },
      { ...good, rowValues: ['x'] },
      { ...good, route: 'a\u0000b' },
    ]) {
      expect(await asService('POST', '/internal/leaves', { leaves: [good, bad] })).toMatchObject({
        status: 400,
        body: { code: 'INPUT_INVALID' },
      });
    }
    expect((await asService('GET', '/internal/ledger/verify')).body.entries).toBe(0);
  });

  test('a decision shows what it demanded of fields, to the format of a token and the length of a text', async () => {
    const matrix = await putPolicy();
    const obligations = [
      { type: 'tokenise', fields: ['phone'], keep: 'format' },
      { type: 'hash', fields: ['email'] },
      { type: 'truncate', fields: ['born'], to: 4 },
    ] as const;
    const decision = sampleLeafDecision({ verdict: 'allow_with_obligations', obligations });
    await append(sampleLeaf(1, matrix, { decisions: [decision] }));
    const { data, errors } = await ask(
      `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Dataset {
        residency { decisions(first: 1) { nodes { obligations { type fields keep to } } } } } } }`,
      { r: [{ __typename: 'Dataset', ...decision.dataset }] },
    );
    expect(errors).toBeUndefined();
    expect(data._entities[0].residency.decisions.nodes[0].obligations).toEqual(
      obligations.map((obligation) => ({ keep: null, to: null, ...obligation })),
    );
  });

  test('a dataset shows its class, its place and its decisions, at the source and at the sink', async () => {
    const matrix = await putPolicy();
    await append(sampleLeaf(1, matrix), sampleLeaf(2, matrix), toPartner(1, matrix));
    const query = `query ($r: [_Any!]!, $after: Cursor) { _entities(representations: $r) { ... on Dataset {
      classification { dataClass tags fields { path tags } }
      residency { region jurisdiction decisions(first: 2, after: $after) {
        nodes { id verdict reason matrixVersion sinkRegion decidedAt matrix { version } dataset { name } superseded }
        pageInfo { hasNextPage endCursor } } } } } }`;
    const representation = (namespace: string, name: string) => ({ __typename: 'Dataset', namespace, name });
    const { data, errors } = await ask(query, {
      r: [
        representation('postgres://shop:5432', 'shop.public.customers'),
        representation('postgres://ad-partner:5432', 'ad_partner.public.customers'),
        representation('postgres://nowhere:5432', 'x.y.z'),
      ],
    });
    expect(errors).toBeUndefined();
    const [customers, partner, nowhere] = data._entities;
    expect(customers.classification).toEqual({
      dataClass: 'confidential',
      tags: ['pii'],
      fields: [{ path: 'email', tags: ['pii'] }],
    });
    expect(customers.residency).toMatchObject({
      region: 'eu-central-1',
      jurisdiction: 'EU',
      decisions: {
        nodes: [
          {
            id: '3-0',
            verdict: 'DENY',
            matrixVersion: 1,
            matrix: { version: 1 },
            sinkRegion: 'ap-southeast-1',
            dataset: { name: 'shop.public.customers' },
            superseded: false,
          },
          { id: '2-0', verdict: 'ALLOW', sinkRegion: 'eu-central-1' },
        ],
        pageInfo: { hasNextPage: true },
      },
    });
    expect(partner.classification).toMatchObject({ dataClass: 'confidential', tags: ['pii'] });
    expect(partner.residency).toMatchObject({
      region: 'ap-southeast-1',
      jurisdiction: 'SG',
      decisions: { nodes: [{ id: '3-0' }] },
    });
    expect(nowhere.classification).toBeNull();
    expect(nowhere.residency).toMatchObject({ region: null, decisions: { nodes: [] } });

    const second = await ask(query, {
      r: [representation('postgres://shop:5432', 'shop.public.customers')],
      after: customers.residency.decisions.pageInfo.endCursor,
    });
    expect(second.data._entities[0].residency.decisions).toMatchObject({
      nodes: [{ id: '1-0' }],
      pageInfo: { hasNextPage: false },
    });
  });

  test('entities are found by their keys, and what is not there is null', async () => {
    const matrix = await putPolicy();
    await append(toPartner(1, matrix));
    const { data } = await ask('{ openViolations { nodes { id firstDecision { id } routeName } } }');
    const [{ id }] = data.openViolations.nodes;
    const found = await ask(
      `query ($r: [_Any!]!) { _entities(representations: $r) { __typename
        ... on Decision { verdict } ... on Violation { status route { name } } ... on MatrixVersion { digest } } }`,
      {
        r: [
          { __typename: 'Decision', id: '1-0' },
          { __typename: 'Violation', id },
          { __typename: 'MatrixVersion', version: 1 },
          { __typename: 'Decision', id: 'nonsense' },
        ],
      },
    );
    expect(found.errors).toBeUndefined();
    expect(found.data._entities).toEqual([
      { __typename: 'Decision', verdict: 'DENY' },
      { __typename: 'Violation', status: 'OPEN', route: { name: 'shop-to-ad-partner' } },
      { __typename: 'MatrixVersion', digest: matrix.digest },
      null,
    ]);
  });

  test('a subscription begins with what stands open, goes on live, and is resumed by its cursor', async () => {
    const matrix = await putPolicy();
    await append(toPartner(1, matrix));
    const first = await follow(violationsQuery, { includeOpen: true });
    const { violations: open } = await first.next();
    expect(open).toMatchObject({
      __typename: 'ViolationRaised',
      violation: {
        severity: 'ERROR',
        status: 'OPEN',
        dataset: { namespace: 'postgres://shop:5432', name: 'shop.public.customers' },
      },
    });
    const { violations: complete } = await first.next();
    expect(complete.__typename).toBe('SnapshotComplete');

    const acknowledge = `mutation ($input: AcknowledgeViolationInput!) { acknowledgeViolation(input: $input) {
      __typename ... on ViolationAcknowledged { violation { status comment } } ... on UserError { code path } } }`;
    const input = { idempotencyKey: 'k1', id: open.violation.id, comment: 'seen, route is being taken down' };
    const by = principal('ops', 'operator');
    for (let time = 0; time < 2; time += 1) {
      expect((await ask(acknowledge, { input }, by)).data.acknowledgeViolation).toEqual({
        __typename: 'ViolationAcknowledged',
        violation: { status: 'ACKNOWLEDGED', comment: input.comment },
      });
    }
    const { violations: updated } = await first.next();
    expect(updated).toMatchObject({
      __typename: 'ViolationUpdated',
      violation: { status: 'ACKNOWLEDGED', acknowledgedBy: 'ops', comment: input.comment },
    });
    await first.stop();

    for (const [change, code, as] of [
      [{ idempotencyKey: 'k1', comment: 'another' }, 'CONFLICT', by],
      [{ idempotencyKey: 'k2', comment: ' ' }, 'INPUT_INVALID', by],
      [{ idempotencyKey: 'k3', id: 'gone' }, 'NOT_FOUND', by],
      [{ idempotencyKey: 'k4' }, 'FORBIDDEN', principal('eve', 'viewer')],
    ] as const) {
      const { data } = await ask(acknowledge, { input: { ...input, ...change } }, as);
      expect(data.acknowledgeViolation.code).toBe(code);
    }

    const resumed = await follow(violationsQuery, { after: complete.cursor });
    expect((await resumed.next()).violations).toEqual(updated);
    await append({ ...toPartner(2, matrix), decisions: [sampleLeafDecision()] });
    expect((await resumed.next()).violations).toMatchObject({ violation: { status: 'RESOLVED' } });
    await resumed.stop();

    const { data } = await ask(
      '{ violationEvents(first: 2) { nodes { __typename cursor } pageInfo { hasNextPage endCursor } } openViolations { nodes { id } } }',
    );
    expect(data.violationEvents.nodes.map((node: { __typename: string }) => node.__typename)).toEqual([
      'ViolationRaised',
      'ViolationUpdated',
    ]);
    expect(data.violationEvents.nodes[1].cursor).toBe(updated.cursor);
    expect(data.openViolations.nodes).toEqual([]);
  });

  test('decisions are followed live', async () => {
    const matrix = await putPolicy();
    const stream = await follow(
      'subscription { decisions { __typename ... on DecisionRecorded { decision { id verdict } } } }',
    );
    expect((await stream.next()).decisions.__typename).toBe('StreamHeartbeat');
    await append(sampleLeaf(1, matrix));
    expect((await stream.next()).decisions).toEqual({
      __typename: 'DecisionRecorded',
      decision: { id: '1-0', verdict: 'ALLOW' },
    });
    await stream.stop();
  });

  test('a cursor of another stream is refused', async () => {
    const { errors } = await ask('{ violationEvents(after: "bm90IGEgY3Vyc29y") { nodes { cursor } } }');
    expect(errors?.[0]?.originalError).toMatchObject({ code: 'CURSOR_INVALID' });
  });

  test('its figures are exposed', async () => {
    const matrix = await putPolicy();
    await append(toPartner(1, matrix));
    await eventually(async () => {
      const { body } = await service.app.inject({ url: '/metrics' });
      expect(body).toMatch(/spine_governance_matrix_version\S* 1/);
      expect(body).toMatch(/spine_governance_ledger_entries\S* 1/);
      expect(body).toMatch(/spine_governance_violations\{[^}]*status="OPEN"[^}]*\} 1/);
      expect(body).toMatch(/spine_governance_decisions_total\{[^}]*verdict="deny"[^}]*\} 1/);
    });
  });
});

describe('with tokens', () => {
  const sign = `mutation ($input: SignMatrixInput!) { signMatrix(input: $input) {
    __typename ... on MatrixSigned { matrix { version status signedBy signedAs } } ... on UserError { code message } } }`;

  beforeEach(async () => {
    service = await start('tokens');
  });

  const put = async (document = samplePolicy()) =>
    (await call('PUT', '/internal/policy', { body: document, headers: bearer('ops') })).body;
  const signAs = async (
    role: 'security' | 'operator',
    matrix: { version: number; digest: string },
    idempotencyKey = `${role}-${matrix.version}`,
  ) => {
    const { version, digest } = matrix;
    const input = { idempotencyKey, version, digest };
    return (await ask(sign, { input }, principal('kim', role))).data.signMatrix;
  };

  test('a changed matrix is a draft until Security signs it (R53)', async () => {
    const draft = await put();
    expect(draft).toMatchObject({ version: 1, status: 'draft', changed: true });
    expect((await asService('GET', '/internal/bundle')).status).toBe(404);
    expect(await append(sampleLeaf(1, draft))).toMatchObject([{ status: 'stale_matrix', matrixVersion: 0 }]);
    expect(await signAs('operator', draft)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await signAs('security', { ...draft, digest: 'another' })).toMatchObject({
      __typename: 'MatrixNotSignable',
    });
    expect(await signAs('security', draft, 'second')).toEqual({
      __typename: 'MatrixSigned',
      matrix: { version: 1, status: 'ACTIVE', signedBy: 'kim', signedAs: 'security' },
    });
    expect(await append(sampleLeaf(1, draft))).toMatchObject([{ status: 'appended' }]);
  });

  test('the matrix in force stays until the next is signed, and a replaced draft cannot be', async () => {
    const first = await put();
    await signAs('security', first);
    const second = await put(samplePolicy({ sinks: [] }));
    const third = await put(samplePolicy({ classification: [] }));
    expect((await asService('GET', '/internal/bundle')).body.version).toBe(1);
    expect(await signAs('security', second)).toMatchObject({ code: 'CONFLICT' });
    expect(await signAs('security', third)).toMatchObject({ matrix: { version: 3, status: 'ACTIVE' } });
    expect((await asService('GET', '/internal/bundle')).body.version).toBe(3);
  });

  test.each<[string, Method, string, keyof typeof tokens | null, number]>([
    ['a viewer does not apply', 'PUT', '/internal/policy', 'eve', 403],
    ['nobody applies without a token', 'PUT', '/internal/policy', null, 401],
    ['a viewer may plan', 'POST', '/internal/policy/plan', 'eve', 200],
    ['an operator appends no leaf', 'POST', '/internal/leaves', 'ops', 403],
    ['a viewer may verify the ledger', 'GET', '/internal/ledger/verify', 'eve', 200],
  ])('%s', async (_what, method, url, id, status) => {
    const answer = await call(method, url, {
      ...(method !== 'GET' && { body: {} }),
      headers: id === null ? {} : bearer(id),
    });
    expect(answer.status).toBe(status);
  });
});
