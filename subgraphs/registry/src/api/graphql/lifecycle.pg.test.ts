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

type Role = 'viewer' | 'publisher' | 'steward';

const id = { name: 'id', type: 'long' };
const optional = (name: string) => ({ name, type: ['null', 'string'], default: null });
let keys = 0;

async function ask(query: string, variables: object = {}, role: Role = 'steward') {
  const { status, body } = await registry.askSigned('/graphql', { query, variables }, role);
  expect({ status, errors: body.errors }).toEqual({ status: 200, errors: undefined });
  return body.data;
}

async function publish(subject: string, fields: readonly object[], more: object = {}) {
  keys += 1;
  const query = /* GraphQL */ `
    mutation ($input: PublishSchemaInput!) {
      publishSchema(input: $input) {
        __typename
        ... on SchemaPublished { version { semver } }
        ... on UserError { code message }
        ... on IncompatibleSchema {
          required
          report { profile axes policy affected { role name version contact why } incompatibilities { kind axis witness { datum why } } }
        }
      }
    }
  `;
  const input = { subject, schema: recordText(fields), idempotencyKey: `l${keys}`, ...more };
  return (await ask(query, { input }, 'publisher')).publishSchema;
}

async function rollback(input: object, role?: Role) {
  const query = /* GraphQL */ `
    mutation ($input: RollbackSubjectInput!) {
      rollbackSubject(input: $input) {
        __typename
        ... on SubjectRolledBack { latest { semver } rolledBack { semver deletedAt rolledBack { by reason approver } } report { compatible } }
        ... on UserError { code path }
        ... on RollbackUnreadable { report { compatible incompatibilities { kind versions } } }
      }
    }
  `;
  return (await ask(query, { input }, role)).rollbackSubject;
}

async function registerUsage(input: object, role: Role = 'publisher') {
  const query = /* GraphQL */ `
    mutation ($input: RegisterUsageInput!) {
      registerUsage(input: $input) {
        __typename
        ... on UsageRegistered { usage { role name version contact registeredBy } }
        ... on UserError { code path }
      }
    }
  `;
  return (await ask(query, { input }, role)).registerUsage;
}

test('the life of a subject is told by one query: line, breaches, consumers, rollback, changelog', async () => {
  const subject = 'shop.life';
  expect(await publish(subject, [id])).toMatchObject({ version: { semver: '1.0.0' } });
  expect(await publish(subject, [id, optional('email')])).toMatchObject({ version: { semver: '1.1.0' } });
  const billing = { subject, role: 'CONSUMER', name: 'billing', version: '1.1.0', contact: 'billing@shop' };
  expect(await registerUsage(billing)).toEqual({
    __typename: 'UsageRegistered',
    usage: {
      role: 'CONSUMER',
      name: 'billing',
      version: 2,
      contact: 'billing@shop',
      registeredBy: 'publisher',
    },
  });
  expect(await publish(subject, [optional('email')])).toMatchObject({
    __typename: 'IncompatibleSchema',
    required: '2.0.0',
    report: {
      profile: 'STRICT',
      axes: ['WIRE', 'JSON'],
      policy: 'STRICT',
      affected: [{ role: 'CONSUMER', name: 'billing', version: 2, contact: 'billing@shop' }],
      incompatibilities: [
        { kind: 'READER_FIELD_MISSING_DEFAULT_VALUE', axis: null, witness: { datum: expect.anything() } },
      ],
    },
  });
  await publish(subject, [optional('email')], { requestedVersion: '2.0.0' });
  expect(await rollback({ subject, to: '1.1.0', reason: 'billing broke', force: true })).toMatchObject({
    __typename: 'RollbackUnreadable',
    code: 'INCOMPATIBLE_SCHEMA',
    path: ['to'],
    report: { compatible: false, incompatibilities: [{ versions: [3] }] },
  });
  const approved = { subject, to: '1.1.0', reason: 'billing broke', force: true, approver: 'Ada' };
  expect(await rollback(approved)).toMatchObject({
    __typename: 'SubjectRolledBack',
    latest: { semver: '1.1.0' },
    rolledBack: [
      {
        semver: '2.0.0',
        deletedAt: expect.any(String),
        rolledBack: { by: 'steward', reason: 'billing broke', approver: 'Ada' },
      },
    ],
  });
  expect(await rollback(approved)).toMatchObject({ rolledBack: [], latest: { semver: '1.1.0' } });

  const told = await ask(
    /* GraphQL */ `
      query ($name: ID!) {
        subject(name: $name) {
          level
          settings { level profile axes policy lint { rule severity } }
          latest { semver deployment { deployed members { name validated why } } }
          consumers { name version }
          producers { name }
          changelog(first: 2) {
            nodes { markdown affected { name } version { semver rolledBack { by } } changes { kind part name path oldPath breaks breaches { kind direction } } }
            pageInfo { hasNextPage endCursor }
          }
        }
      }
    `,
    { name: subject },
    'viewer',
  );
  expect(told.subject).toMatchObject({
    level: 'FULL',
    settings: { level: null, profile: 'STRICT', axes: ['WIRE', 'JSON'], policy: 'STRICT', lint: [] },
    latest: {
      semver: '1.1.0',
      deployment: { deployed: true, members: [{ name: 'billing', validated: true, why: null }] },
    },
    consumers: [{ name: 'billing', version: 2 }],
    producers: [],
    changelog: {
      nodes: [
        {
          markdown: expect.stringContaining('2.0.0'),
          affected: [{ name: 'billing' }],
          version: { semver: '2.0.0', rolledBack: { by: 'steward' } },
        },
        {
          version: { semver: '1.1.0', rolledBack: null },
          changes: [{ kind: 'ADDED', part: 'FIELD', oldPath: null, breaks: [], breaches: [] }],
        },
      ],
      pageInfo: { hasNextPage: true },
    },
  });
  const rest = await ask(
    'query ($name: ID!, $after: Cursor) { subject(name: $name) { changelog(after: $after) { nodes { version { semver } changes { kind } } } } }',
    { name: subject, after: told.subject.changelog.pageInfo.endCursor },
  );
  expect(rest.subject.changelog.nodes).toEqual([{ version: { semver: '1.0.0' }, changes: null }]);
});

test('a version is deprecated with a sunset, and the deprecation is taken back', async () => {
  await publish('deprecated', [id]);
  const deprecate = async (input: object, role: Role = 'publisher') =>
    (
      await ask(
        /* GraphQL */ `
          mutation ($input: DeprecateVersionInput!) {
            deprecateVersion(input: $input) {
              __typename
              ... on VersionDeprecated { version { semver deprecated { sunset note } } }
              ... on UserError { code path }
            }
          }
        `,
        { input: { subject: 'deprecated', version: 'latest', ...input } },
        role,
      )
    ).deprecateVersion;
  const sunset = '2027-01-31T00:00:00.000Z';
  expect(await deprecate({ sunset, note: 'use v2' })).toEqual({
    __typename: 'VersionDeprecated',
    version: { semver: '1.0.0', deprecated: { sunset, note: 'use v2' } },
  });
  const deprecations = '{ subject(name: "deprecated") { deprecations { semver } } }';
  expect((await ask(deprecations)).subject.deprecations).toEqual([{ semver: '1.0.0' }]);
  expect(await deprecate({ withdraw: true })).toMatchObject({ version: { deprecated: null } });
  expect((await ask(deprecations)).subject.deprecations).toEqual([]);
  expect(await deprecate({ version: '9' })).toEqual({
    __typename: 'NotFound',
    code: 'VERSION_NOT_FOUND',
    path: ['version'],
  });
  expect(await deprecate({}, 'viewer')).toMatchObject({ __typename: 'Forbidden' });
});

test('a version is deleted in two steps, and never one that another version uses', async () => {
  await publish('deleted', [id]);
  await publish('deleted', [id, optional('email')]);
  const remove = async (input: object, role?: Role) =>
    (
      await ask(
        /* GraphQL */ `
          mutation ($input: DeleteVersionInput!) {
            deleteVersion(input: $input) {
              __typename
              ... on VersionDeleted { id subject version permanent }
              ... on UserError { code path message }
            }
          }
        `,
        { input: { subject: 'deleted', version: '1.1.0', ...input } },
        role,
      )
    ).deleteVersion;
  expect(await remove({ permanent: true })).toMatchObject({
    __typename: 'InvalidInput',
    path: ['permanent'],
  });
  expect(await remove({})).toEqual({
    __typename: 'VersionDeleted',
    id: 'deleted@2',
    subject: 'deleted',
    version: 2,
    permanent: false,
  });
  expect(await remove({})).toMatchObject({ __typename: 'InvalidInput', code: 'CONFLICT' });
  expect(
    await ask(
      '{ subject(name: "deleted") { latest { semver } } schemaVersion(id: "deleted@2") { deletedAt } }',
    ),
  ).toEqual({
    subject: { latest: { semver: '1.0.0' } },
    schemaVersion: { deletedAt: expect.any(String) },
  });
  expect(await remove({ permanent: true })).toMatchObject({ permanent: true });
  expect(await ask('{ schemaVersion(id: "deleted@2") { id } }')).toEqual({ schemaVersion: null });
  expect(await remove({}, 'publisher')).toMatchObject({ __typename: 'Forbidden' });

  const references = [{ name: 'shop.Customer', subject: 'deleted', version: 1 }];
  const order = { type: 'record', name: 'Order', fields: [{ name: 'customer', type: 'shop.Customer' }] };
  const published = await publish('uses', [], { schema: JSON.stringify(order), references });
  expect(published).toMatchObject({ __typename: 'SchemaPublished' });
  expect(await remove({ version: '1' })).toMatchObject({
    __typename: 'VersionInUse',
    code: 'REFERENCE_IN_USE',
  });
  const using = await ask(
    '{ subject(name: "uses") { latest { references { name subject version } fields { path } } } }',
  );
  expect(using.subject.latest).toEqual({
    references,
    fields: expect.arrayContaining([{ path: 'customer.id' }]),
  });
});

test('a steward changes what a subject says of itself, a publisher may not', async () => {
  await publish('settled', [id]);
  const update = async (input: object, role?: Role) =>
    (
      await ask(
        /* GraphQL */ `
          mutation ($input: UpdateSubjectSettingsInput!) {
            updateSubjectSettings(input: $input) {
              __typename
              ... on SubjectSettingsUpdated { subject { level profile owner settings { level axes policy lint { rule severity } } } }
              ... on UserError { code path }
            }
          }
        `,
        { input: { subject: 'settled', ...input } },
        role,
      )
    ).updateSubjectSettings;
  expect(
    await update({
      level: 'BACKWARD',
      profile: 'CONFLUENT',
      axes: ['SOURCE', 'WIRE'],
      policy: 'LENIENT',
      owner: 'team-a',
    }),
  ).toEqual({
    __typename: 'SubjectSettingsUpdated',
    subject: {
      level: 'BACKWARD',
      profile: 'CONFLUENT',
      owner: 'team-a',
      settings: { level: 'BACKWARD', axes: ['WIRE', 'SOURCE'], policy: 'LENIENT', lint: [] },
    },
  });
  expect(await update({ level: null })).toMatchObject({
    subject: { level: 'FULL', profile: 'CONFLUENT', settings: { level: null } },
  });
  expect(await update({ owner: 'team-b' })).toMatchObject({
    subject: { owner: 'team-b', profile: 'CONFLUENT' },
  });
  expect(await update({ lint: [{ rule: 'no-such-rule', severity: 'OFF' }] })).toMatchObject({
    __typename: 'InvalidInput',
    path: ['lint', 'no-such-rule'],
  });
  expect(await update({ level: 'NONE' }, 'publisher')).toMatchObject({ __typename: 'Forbidden' });
});

test('who uses a subject is registered by publishers, and forgotten', async () => {
  await publish('used', [id]);
  expect(
    await registerUsage({ subject: 'used', role: 'PRODUCER', name: 'shop', version: 'latest' }),
  ).toMatchObject({
    usage: { role: 'PRODUCER', version: 1, contact: null },
  });
  expect(await registerUsage({ subject: 'nobody', role: 'CONSUMER', name: 'x', version: '1' })).toEqual({
    __typename: 'NotFound',
    code: 'SUBJECT_NOT_FOUND',
    path: ['subject'],
  });
  expect(
    await registerUsage({ subject: 'used', role: 'CONSUMER', name: 'x', version: '1' }, 'viewer'),
  ).toMatchObject({ __typename: 'Forbidden' });
  const remove = async () =>
    (
      await ask(
        'mutation ($input: RemoveUsageInput!) { removeUsage(input: $input) { __typename ... on UserError { code path } } }',
        { input: { subject: 'used', role: 'PRODUCER', name: 'shop' } },
        'publisher',
      )
    ).removeUsage;
  expect(await remove()).toEqual({ __typename: 'UsageRemoved' });
  expect(await remove()).toEqual({ __typename: 'NotFound', code: 'NOT_FOUND', path: ['name'] });
});

test('the stream tells what becomes of versions, and of a removed one its name', async () => {
  const { subgraph, contextFor } = registry.service;
  if (subgraph === undefined) throw new Error('the registry has a subgraph');
  const iterator = await subscribe({
    schema: subgraph.schema,
    document: parse(/* GraphQL */ `
      subscription {
        schemaChanges {
          __typename
          ... on SchemaVersionDeprecated { version { id deprecated { note } } }
          ... on SchemaVersionUndeprecated { version { id } }
          ... on SchemaVersionRolledBack { version { id rolledBack { by } } }
          ... on SchemaVersionRemoved { id subject position semver }
        }
      }
    `),
    contextValue: contextFor(makePrincipal({ id: 'v', kind: 'user', roles: ['viewer'] }), 'request'),
  });
  if (!('next' in iterator)) throw new Error(JSON.stringify(iterator));
  await iterator.next(); // The heartbeat that says where the stream stands.
  await publish('told', [id]);
  await publish('told', [id, optional('a')]);
  await rollback({ subject: 'told', to: '1' });
  await registry.ask('DELETE', '/schemas/told/versions/2?permanent=true', undefined, 'steward');
  await registry.ask('PUT', '/schemas/told/versions/1/deprecation', { note: 'old' }, 'steward');
  const seen: { __typename: string }[] = [];
  while (seen.at(-1)?.__typename !== 'SchemaVersionDeprecated') {
    const { value } = await iterator.next();
    if (value === undefined) throw new Error('the stream ended');
    // Of an event whose version is gone by now there is only an error.
    seen.push(Object(value.data).schemaChanges ?? { __typename: 'gone' });
  }
  await iterator.return?.(undefined);
  expect(seen.filter(({ __typename }) => __typename !== 'StreamHeartbeat').slice(-2)).toEqual([
    { __typename: 'SchemaVersionRemoved', id: 'told@2', subject: 'told', position: 2, semver: '1.1.0' },
    { __typename: 'SchemaVersionDeprecated', version: { id: 'told@1', deprecated: { note: 'old' } } },
  ]);
});

test('subjects are listed by a prefix, page by page', async () => {
  for (const name of ['pre.a', 'pre.b', 'pre_c']) await publish(name, [id]);
  const list = async (after: string | null) =>
    (
      await ask(
        'query ($after: Cursor) { subjects(prefix: "pre.", first: 1, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } } }',
        { after },
      )
    ).subjects;
  const first = await list(null);
  expect(first).toMatchObject({ nodes: [{ name: 'pre.a' }], pageInfo: { hasNextPage: true } });
  expect(await list(first.pageInfo.endCursor)).toMatchObject({
    nodes: [{ name: 'pre.b' }],
    pageInfo: { hasNextPage: false },
  });
});

test('a version tells what lies between another one and itself, and lint what rules have against the latest', async () => {
  for (const fields of [[id], [id, optional('a')], [id, optional('a'), optional('b')]])
    await publish('apart', fields);
  const { subject } = await ask(
    '{ subject(name: "apart") { lint { rule severity path } latest { changes { name } diff(from: "1.0.0") { kind name } none: diff(from: "7") { kind } } } }',
  );
  expect(subject.latest).toEqual({
    changes: [{ name: 'shop.Customer.b' }],
    diff: [
      { kind: 'ADDED', name: 'shop.Customer.a' },
      { kind: 'ADDED', name: 'shop.Customer.b' },
    ],
    none: null,
  });
  expect(subject.lint).toContainEqual(expect.objectContaining({ severity: 'WARNING' }));
});

test('what a version says of its data is published with it, and refused where it is nonsense', async () => {
  const said = {
    tags: [{ path: 'email', tags: ['pii:email'] }],
    dataClass: 'confidential',
    retention: 'P30D',
    metadata: { team: 'crm' },
    owner: 'crm',
  };
  await publish('said', [id, optional('email')], said);
  const { subject } = await ask(
    '{ subject(name: "said") { owner latest { dataClass retention tags { path tags } metadata guid } } }',
  );
  expect(subject).toEqual({
    owner: 'crm',
    latest: {
      dataClass: 'confidential',
      retention: 'P30D',
      tags: said.tags,
      metadata: { team: 'crm' },
      guid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    },
  });
  for (const nonsense of [{ dataClass: 'secret' }, { retention: 'a month' }, { metadata: [1] }]) {
    expect(await publish('said', [id], nonsense)).toMatchObject({ __typename: 'InvalidInput' });
  }
});
