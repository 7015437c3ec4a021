import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registryTemplate, startRegistry, type TestRegistry } from './testing/start-registry.ts';

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

const publish = (subject: string, schemaType: string, schema: string, more: object = {}) =>
  registry.ask('POST', `/schemas/${subject}`, { schema, schemaType, ...more });
/** One schema, a change that breaks nobody, and one that does, in each format. */
const formats = [
  {
    schemaType: 'AVRO',
    first: '{"type":"record","name":"R","fields":[{"name":"a","type":"string"}]}',
    wider:
      '{"type":"record","name":"R","fields":[{"name":"a","type":"string"},{"name":"b","type":"int","default":0}]}',
    broken: '{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}',
  },
  {
    schemaType: 'PROTOBUF',
    first: 'syntax = "proto3"; message R { string a = 1; }',
    wider: 'syntax = "proto3"; message R { string a = 1; int32 b = 2; }',
    broken: 'syntax = "proto3"; message R { double a = 1; }',
  },
  {
    schemaType: 'JSON',
    // What a closed object takes in only later readers know: of the seven levels BACKWARD is the one that JSON can keep.
    level: 'BACKWARD',
    first: '{"type":"object","properties":{"a":{"type":"string"}},"additionalProperties":false}',
    wider:
      '{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer"}},"additionalProperties":false}',
    broken: '{"type":"object","properties":{"a":{"type":"integer"}},"additionalProperties":false}',
  },
];

describe.each(formats)('a subject of $schemaType (R1)', ({ schemaType, level, first, wider, broken }) => {
  const subject = `format-${schemaType}`;

  test('is published, evolved and read back as it was sent', async () => {
    expect((await publish(subject, schemaType, first, { level })).body).toMatchObject({ semver: '1.0.0' });
    expect((await publish(subject, schemaType, first)).status).toBe(200);
    expect((await publish(subject, schemaType, wider)).body).toMatchObject({ semver: '1.1.0' });
    expect((await registry.ask('GET', `/schemas/${subject}`)).body.latest).toMatchObject({
      schemaType,
      schema: wider,
    });
  });

  test('is refused in the same words when it breaks (R5)', async () => {
    expect(await publish(subject, schemaType, broken)).toMatchObject({
      status: 409,
      body: {
        code: 'INCOMPATIBLE_SCHEMA',
        required: 'MAJOR',
        report: {
          compatible: false,
          incompatibilities: expect.arrayContaining([
            expect.objectContaining({
              direction: 'BACKWARD',
              kind: expect.stringMatching(/^[A-Z_]+$/),
              path: expect.stringMatching(/^\//),
              message: expect.any(String),
            }),
          ]),
        },
      },
    });
  });

  test('is unparsable as one clear problem', async () => {
    expect(await publish('format-bad', schemaType, '{ no schema')).toMatchObject({
      status: 422,
      body: { code: 'SCHEMA_INVALID' },
    });
  });
});

test('a subject keeps its format, unless a line of its own is asked for', async () => {
  const avro = '{"type":"record","name":"R","fields":[{"name":"a","type":"string"}]}';
  const proto = 'syntax = "proto3"; message R { string a = 1; }';
  await publish('format-mixed', 'AVRO', avro);
  const refused = await publish('format-mixed', 'PROTOBUF', proto);
  expect(refused.body.report.incompatibilities).toEqual([
    expect.objectContaining({ direction: 'BACKWARD', kind: 'SCHEMA_TYPE_CHANGED' }),
    expect.objectContaining({ direction: 'FORWARD', kind: 'SCHEMA_TYPE_CHANGED' }),
  ]);
  expect((await publish('format-mixed', 'PROTOBUF', proto, { version: '2.0.0' })).body).toMatchObject({
    semver: '2.0.0',
  });
});

test('an open JSON object is held to the letter, unless a check or its subject is lenient', async () => {
  const open = (properties: object): string => JSON.stringify({ type: 'object', properties });
  const first = open({ a: { type: 'string' } });
  const wider = open({ a: { type: 'string' }, b: { type: 'integer' } });
  await publish('format-open', 'JSON', first, { level: 'BACKWARD', profile: 'confluent' });
  const check = (query: string) =>
    registry.ask('POST', `/schemas/format-open/check${query}`, { schema: wider, schemaType: 'JSON' });
  expect((await check('')).body).toMatchObject({ publishable: false, report: { policy: 'STRICT' } });
  expect((await check('?policy=LENIENT')).body).toMatchObject({
    publishable: true,
    report: { policy: 'LENIENT' },
  });
  await registry.ask('PUT', '/schemas/format-open/settings', { policy: 'LENIENT' }, 'steward');
  expect((await publish('format-open', 'JSON', wider)).status).toBe(201);
});

test('a Protobuf file imports what another subject holds', async () => {
  await publish(
    'format-money',
    'PROTOBUF',
    'syntax = "proto3"; package m; message Money { int64 cents = 1; }',
  );
  const order = 'syntax = "proto3"; import "money.proto"; message Order { m.Money price = 1; }';
  const references = [{ name: 'money.proto', subject: 'format-money', version: 1 }];
  expect((await publish('format-order', 'PROTOBUF', order)).status).toBe(422);
  expect((await publish('format-order', 'PROTOBUF', order, { references })).body).toMatchObject({
    semver: '1.0.0',
  });
  expect((await registry.ask('GET', '/schemas/format-order')).body.latest.references).toEqual(references);
  const gone = await registry.ask('DELETE', '/schemas/format-money', undefined, 'steward');
  expect(gone).toMatchObject({
    status: 409,
    body: { code: 'REFERENCE_IN_USE', referencedBy: { subject: 'format-order', version: 1 } },
  });
});
