import { makePrincipal } from '@spine/platform/auth/principal';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { parse, subscribe } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  recordText,
  registryTemplate,
  startRegistry,
  type TestRegistry,
} from '../../testing/start-registry.ts';

let storage: TestDatabase;
let registry: TestRegistry;
beforeAll(async () => {
  storage = await createTestDatabase({ template: registryTemplate });
  registry = await startRegistry(storage.url);
});
afterAll(async () => {
  await registry.close();
  await storage.drop();
});

const id = { name: 'id', type: 'long' };
const email = { name: 'email', type: ['null', 'string'], default: null };
let keys = 0;

async function ask(query: string, variables: object = {}, role: 'viewer' | 'publisher' = 'publisher') {
  const { status, body } = await registry.askSigned('/graphql', { query, variables }, role);
  expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
  return body.data;
}

const publishMutation = /* GraphQL */ `
  mutation Publish($input: PublishSchemaInput!) {
    publishSchema(input: $input) {
      __typename
      ... on SchemaPublished { created version { id version semver bump subject { name latest { id } } } }
      ... on UserError { code message path }
      ... on IncompatibleSchema { required report { backward forward incompatibilities { direction kind path versions } } }
      ... on VersionUnderstated { required report { bump } }
      ... on InvalidSchema { pointer }
    }
  }
`;

async function publish(input: object, role?: 'viewer' | 'publisher') {
  keys += 1;
  const { publishSchema } = await ask(
    publishMutation,
    { input: { idempotencyKey: `k${keys}`, ...input } },
    role,
  );
  return publishSchema;
}

test('a version is published and found again, with its fields, labels and report', async () => {
  const address = { type: 'record', name: 'Address', fields: [{ name: 'city', type: 'string' }] };
  const schema = recordText([id, email, { name: 'address', type: address }]);
  const published = await publish({
    subject: 'shop.public.customers',
    schema,
    tags: [{ path: 'email', tags: ['pii'] }],
  });
  expect(published).toEqual({
    __typename: 'SchemaPublished',
    created: true,
    version: {
      id: 'shop.public.customers@1',
      version: 1,
      semver: '1.0.0',
      bump: 'MAJOR',
      subject: { name: 'shop.public.customers', latest: { id: 'shop.public.customers@1' } },
    },
  });
  const { subject, schemaVersion } = await ask(/* GraphQL */ `
    {
      schemaVersion(id: "shop.public.customers@1") { schema schemaType schemaId fingerprint dataClass publishedAt }
      subject(name: "shop.public.customers") {
        name level owner dataset { name }
        latest { fields { path type tags } report { level compatible backward forward bump incompatibilities { kind } } }
      }
    }
  `);
  expect(schemaVersion).toEqual({
    schema,
    schemaType: 'AVRO',
    schemaId: expect.any(Number),
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    dataClass: null,
    publishedAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
  });
  expect(subject).toEqual({
    name: 'shop.public.customers',
    level: 'FULL',
    owner: 'publisher',
    dataset: null,
    latest: {
      fields: [
        { path: 'id', type: 'long', tags: [] },
        { path: 'email', type: 'string?', tags: ['pii'] },
        { path: 'address', type: 'Address', tags: [] },
        { path: 'address.city', type: 'string', tags: [] },
      ],
      report: {
        level: 'FULL',
        compatible: true,
        backward: true,
        forward: true,
        bump: 'MAJOR',
        incompatibilities: [],
      },
    },
  });
});

test('every refusal is a member of the result with code and path', async () => {
  const subject = 'refused';
  await publish({ subject, schema: recordText([id]) });
  const broken = recordText([id, { name: 'phone', type: 'string' }]);
  expect(await publish({ subject, schema: broken })).toMatchObject({
    __typename: 'IncompatibleSchema',
    code: 'INCOMPATIBLE_SCHEMA',
    path: ['schema'],
    required: '2.0.0',
    report: {
      backward: false,
      forward: true,
      incompatibilities: [
        {
          direction: 'BACKWARD',
          kind: 'READER_FIELD_MISSING_DEFAULT_VALUE',
          path: '/fields/1',
          versions: [1],
        },
      ],
    },
  });
  expect(
    await publish({ subject, schema: recordText([id, email]), requestedVersion: '1.0.1' }),
  ).toMatchObject({
    __typename: 'VersionUnderstated',
    required: '1.1.0',
    report: { bump: 'MINOR' },
  });
  expect(await publish({ subject, schema: recordText([{ name: 'a', type: 'varchar' }]) })).toMatchObject({
    __typename: 'InvalidSchema',
    pointer: '/fields/0/type',
  });
  expect(await publish({ subject: 'ids', schema: '"int"' })).toMatchObject({
    __typename: 'InvalidInput',
    path: ['subject'],
  });
  expect(await publish({ subject, schema: '{}', schemaType: 'JSON' })).toMatchObject({
    __typename: 'IncompatibleSchema',
    report: { incompatibilities: [{ kind: 'SCHEMA_TYPE_CHANGED' }, { kind: 'SCHEMA_TYPE_CHANGED' }] },
  });
  expect(await publish({ subject, schema: '"int"', requestedVersion: 'two' })).toMatchObject({
    __typename: 'InvalidInput',
    path: ['requestedVersion'],
  });
  expect(await publish({ subject, schema: '"int"' }, 'viewer')).toMatchObject({ __typename: 'Forbidden' });
  expect(
    (await ask('{ subject(name: "refused") { versions { nodes { version } } } }')).subject.versions.nodes,
  ).toEqual([{ version: 1 }]);
});

test('a check answers without storing, to viewers too', async () => {
  const query = /* GraphQL */ `
    query Check($input: CheckSchemaInput!) {
      checkSchema(input: $input) {
        __typename
        ... on SchemaCheck { publishable refusal semver bump known { id } }
        ... on UserError { code }
      }
    }
  `;
  const check = async (schema: string) =>
    (await ask(query, { input: { subject: 'checked', schema } }, 'viewer')).checkSchema;
  expect(await check(recordText([id]))).toMatchObject({ publishable: true, semver: '1.0.0', known: null });
  expect(await ask('{ subject(name: "checked") { name } }')).toEqual({ subject: null });
  await publish({ subject: 'checked', schema: recordText([id]) });
  expect(await check(recordText([id]))).toMatchObject({ publishable: true, known: { id: 'checked@1' } });
  expect(await check(recordText([email]))).toMatchObject({
    publishable: false,
    refusal: 'INCOMPATIBLE_SCHEMA',
  });
  expect(await check('{')).toEqual({ __typename: 'InvalidSchema', code: 'SCHEMA_INVALID' });
});

test('versions are paged newest first, in the same query for many subjects', async () => {
  for (let i = 0; i < 3; i += 1) {
    const fields = Array.from({ length: i + 1 }, (_, at) => ({ ...email, name: `f${at}` }));
    for (const subject of ['page-a', 'page-b']) await publish({ subject, schema: recordText(fields) });
  }
  const { a, b } = await ask(/* GraphQL */ `
    fragment Page on Subject { versions(first: 2) { nodes { semver } pageInfo { hasNextPage endCursor } } }
    { a: subject(name: "page-a") { ...Page } b: subject(name: "page-b") { ...Page } }
  `);
  expect(a.versions.nodes).toEqual([{ semver: '1.2.0' }, { semver: '1.1.0' }]);
  expect(b.versions).toEqual(a.versions);
  const rest = await ask(
    'query ($after: Cursor) { subject(name: "page-a") { versions(first: 2, after: $after) { nodes { semver } pageInfo { hasNextPage } } } }',
    { after: a.versions.pageInfo.endCursor },
  );
  expect(rest.subject.versions).toEqual({ nodes: [{ semver: '1.0.0' }], pageInfo: { hasNextPage: false } });
});

test('other subgraphs find subjects, versions and datasets by their keys, and null for what is not there', async () => {
  await registry.askSigned('/internal/contracts', {
    subject: 'shop.public.orders',
    dataset: { namespace: 'postgres://db:5432', name: 'shop.public.orders' },
    schema: recordText([id]),
    owner: 'data-platform',
    route: 'r',
    tags: {},
    dataClass: 'internal',
  });
  const query = /* GraphQL */ `
    query ($representations: [_Any!]!) {
      _entities(representations: $representations) {
        __typename
        ... on Subject { name }
        ... on SchemaVersion { semver }
        ... on Dataset { subject { name dataset { namespace name } latest { dataClass } } }
      }
    }
  `;
  const { _entities } = await ask(query, {
    representations: [
      { __typename: 'Dataset', namespace: 'postgres://db:5432', name: 'shop.public.orders' },
      { __typename: 'Dataset', namespace: 'postgres://db:5432', name: 'unknown' },
      { __typename: 'Subject', name: 'shop.public.orders' },
      { __typename: 'Subject', name: 'unknown' },
      { __typename: 'SchemaVersion', id: 'shop.public.orders@1' },
      { __typename: 'SchemaVersion', id: 'shop.public.orders@2' },
      { __typename: 'SchemaVersion', id: 'rubbish' },
    ],
  });
  expect(_entities).toEqual([
    {
      __typename: 'Dataset',
      subject: {
        name: 'shop.public.orders',
        dataset: { namespace: 'postgres://db:5432', name: 'shop.public.orders' },
        latest: { dataClass: 'internal' },
      },
    },
    { __typename: 'Dataset', subject: null },
    { __typename: 'Subject', name: 'shop.public.orders' },
    null,
    { __typename: 'SchemaVersion', semver: '1.0.0' },
    null,
    null,
  ]);
});

test('a list of subjects costs as many queries as one subject does', async () => {
  const counted = await countQueries(() =>
    ask(
      '{ subjects(first: 50) { nodes { latest { fields { path } schema } versions(first: 3) { nodes { semver } } } } }',
    ),
  );
  expect(counted.answer.subjects.nodes.length).toBeGreaterThan(3);
  expect(counted.queries).toBeLessThanOrEqual(4);
  const told = await countQueries(() =>
    ask(
      '{ subjects(first: 50) { nodes { consumers { name } producers { name } deprecations { semver } changelog(first: 2) { nodes { markdown } } latest { changes { kind } } } } }',
    ),
  );
  expect(told.queries).toBeLessThanOrEqual(6);
});

test('a subscription tells of each publish, and one that resumes misses nothing', async () => {
  const following = await follow();
  await publish({ subject: 'followed', schema: recordText([id]) });
  const first = await nextEvent(following);
  expect(first).toMatchObject({ version: { id: 'followed@1', subject: { name: 'followed' } } });
  await following.return?.(undefined);
  await publish({ subject: 'followed', schema: recordText([id, email]) });
  const resumed = await follow(first.cursor);
  expect(await nextEvent(resumed)).toMatchObject({ version: { id: 'followed@2', semver: '1.1.0' } });
  await resumed.return?.(undefined);
});

interface Change {
  readonly __typename: string;
  readonly cursor: string;
}

async function follow(after: string | null = null): Promise<AsyncIterator<{ data?: unknown }>> {
  const { subgraph, contextFor } = registry.service;
  if (subgraph === undefined) throw new Error('the registry has a subgraph');
  const iterator = await subscribe({
    schema: subgraph.schema,
    document: parse(
      'subscription ($after: Cursor) { schemaChanges(after: $after) { __typename cursor ... on SchemaVersionPublished { version { id semver subject { name } } } } }',
    ),
    variableValues: { after },
    contextValue: contextFor(makePrincipal({ id: 'v', kind: 'user', roles: ['viewer'] }), 'request'),
  });
  if ('errors' in iterator) throw new Error(JSON.stringify(iterator.errors));
  if (!('next' in iterator)) throw new Error('not a subscription');
  if (after === null) await iterator.next(); // The heartbeat that says where the stream stands.
  return iterator;
}

async function nextEvent(iterator: AsyncIterator<{ data?: unknown }>): Promise<Change> {
  for (;;) {
    const { value } = await iterator.next();
    const change = (value.data as { schemaChanges: Change } | null)?.schemaChanges;
    if (change === undefined) throw new Error(JSON.stringify(value));
    if (change.__typename === 'SchemaVersionPublished') return change;
  }
}

async function countQueries<T>(
  act: () => Promise<T>,
): Promise<{ readonly answer: T; readonly queries: number }> {
  const { default: pg } = await import('pg');
  const original = pg.Client.prototype.query;
  let queries = 0;
  pg.Client.prototype.query = function (this: unknown, ...args: unknown[]) {
    queries += 1;
    return Reflect.apply(original, this, args);
  } as typeof original;
  try {
    return { answer: await act(), queries };
  } finally {
    pg.Client.prototype.query = original;
  }
}
