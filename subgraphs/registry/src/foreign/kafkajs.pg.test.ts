import { COMPATIBILITY, SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ListeningRegistry, startListeningRegistry } from '../testing/listening-registry.ts';

let registry: ListeningRegistry;
let client: SchemaRegistry;
beforeAll(async () => {
  registry = await startListeningRegistry();
  client = createClient();
});
afterAll(() => registry.close());

/** Without the retries, which wait for seconds, and without what another client has cached. */
function createClient(): SchemaRegistry {
  return new SchemaRegistry({ host: registry.url, auth: registry.publisher, retry: { retries: 0 } });
}

const order = (...fields: readonly object[]): string =>
  JSON.stringify({
    type: 'record',
    name: 'Order',
    namespace: 'shop',
    fields: [{ name: 'id', type: 'long' }, ...fields],
  });

test('an Avro record makes its way from one client to another', async () => {
  const { id } = await client.register(
    { type: SchemaType.AVRO, schema: order() },
    { subject: 'kafkajs-order' },
  );
  const message = await client.encode(id, { id: 7 });
  expect(message.readInt32BE(1)).toBe(id);
  expect(await createClient().decode(message)).toEqual({ id: 7 });
});

test('a schema evolves, and both versions of messages are read', async () => {
  const subject = 'kafkajs-evolve';
  const first = await client.register({ type: SchemaType.AVRO, schema: order() }, { subject });
  const note = { name: 'note', type: 'string', default: 'none' };
  const second = await client.register({ type: SchemaType.AVRO, schema: order(note) }, { subject });
  expect(second.id).not.toBe(first.id);
  expect(await client.getLatestSchemaId(subject)).toBe(second.id);
  expect(await client.getRegistryId(subject, 1)).toBe(first.id);
  expect(await client.getRegistryIdBySchema(subject, { type: SchemaType.AVRO, schema: order() })).toBe(
    first.id,
  );
  const reader = createClient();
  expect(await reader.decode(await client.encode(first.id, { id: 1 }))).toEqual({ id: 1 });
  expect(await reader.decode(await client.encode(second.id, { id: 2, note: 'x' }))).toEqual({
    id: 2,
    note: 'x',
  });
});

test('an incompatible schema is refused with the reason', async () => {
  const subject = 'kafkajs-refused';
  await client.register({ type: SchemaType.AVRO, schema: order() }, { subject });
  const breaking = { type: SchemaType.AVRO as const, schema: order({ name: 'total', type: 'double' }) };
  await expect(createClient().register(breaking, { subject })).rejects.toMatchObject({
    status: 409,
    message: expect.stringContaining('READER_FIELD_MISSING_DEFAULT_VALUE'),
  });
});

test('a client that expects another level than the subject has is told by its own check', async () => {
  const subject = 'kafkajs-level';
  await client.register(
    { type: SchemaType.AVRO, schema: order() },
    { subject, compatibility: COMPATIBILITY.FULL },
  );
  await expect(
    createClient().register(
      { type: SchemaType.AVRO, schema: order() },
      { subject, compatibility: COMPATIBILITY.NONE },
    ),
  ).rejects.toThrow('Compatibility does not match the configuration');
});

test('a Protobuf message makes its way, with a reference to another file', async () => {
  await client.register(
    {
      type: SchemaType.PROTOBUF,
      schema: 'syntax = "proto3"; package shop; message Money { int64 cents = 1; }',
    },
    { subject: 'kafkajs-money' },
  );
  const schema = `syntax = "proto3"; package shop; import "money.proto";
    message Bill { string id = 1; Money total = 2; }`;
  const references = [{ name: 'money.proto', subject: 'kafkajs-money', version: 1 }];
  const { id } = await client.register(
    { type: SchemaType.PROTOBUF, schema, references },
    { subject: 'kafkajs-bill' },
  );
  const decoded = await createClient().decode(await client.encode(id, { id: 'a', total: { cents: 5 } }));
  expect(JSON.parse(JSON.stringify(decoded))).toMatchObject({ id: 'a', total: { cents: '5' } });
});

test('a JSON document is held to its schema', async () => {
  const schema = JSON.stringify({
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: { id: { type: 'integer' } },
    required: ['id'],
    additionalProperties: false,
  });
  const { id } = await client.register({ type: SchemaType.JSON, schema }, { subject: 'kafkajs-json' });
  expect(await createClient().decode(await client.encode(id, { id: 3 }))).toEqual({ id: 3 });
  await expect(client.encode(id, { id: 'three' })).rejects.toThrow();
});

test('what is not there is not found', async () => {
  await expect(client.getSchema(999_999)).rejects.toMatchObject({ status: 404 });
  await expect(client.getLatestSchemaId('kafkajs-nobody')).rejects.toMatchObject({ status: 404 });
});
