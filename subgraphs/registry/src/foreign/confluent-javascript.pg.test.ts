import { create, createFileRegistry, createMutableRegistry, type DescMessage } from '@bufbuild/protobuf';
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt';
import {
  AvroDeserializer,
  AvroSerializer,
  Compatibility,
  JsonDeserializer,
  JsonSerializer,
  ProtobufDeserializer,
  ProtobufSerializer,
  SchemaRegistryClient,
  SerdeType,
} from '@confluentinc/schemaregistry';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ListeningRegistry, startListeningRegistry } from '../testing/listening-registry.ts';

let registry: ListeningRegistry;
let client: SchemaRegistryClient;
beforeAll(async () => {
  registry = await startListeningRegistry();
  client = createClient('steward');
});
afterAll(() => registry.close());

/** Without the retries, which wait for seconds, and without what another client has cached. */
function createClient(role: 'publisher' | 'steward' = 'publisher'): SchemaRegistryClient {
  const { username, password } = registry[role];
  return new SchemaRegistryClient({
    baseURLs: [registry.url],
    basicAuthCredentials: { credentialsSource: 'USER_INFO', userInfo: `${username}:${password}` },
    maxRetries: 0,
  });
}

const order = (...fields: readonly object[]): string =>
  JSON.stringify({
    type: 'record',
    name: 'Order',
    namespace: 'shop',
    fields: [{ name: 'id', type: 'int' }, ...fields],
  });

test('an Avro record is serialized with the latest schema and read by another client', async () => {
  await client.register('js-avro-value', { schema: order(), schemaType: 'AVRO' });
  const writer = new AvroSerializer(createClient(), SerdeType.VALUE, { useLatestVersion: true });
  const bytes = await writer.serialize('js-avro', { id: 7 });
  const reader = new AvroDeserializer(createClient(), SerdeType.VALUE, {});
  expect(await reader.deserialize('js-avro', bytes)).toMatchObject({ id: 7 });
});

test('a record that was written before a field was added is read with the new schema', async () => {
  const writer = new AvroSerializer(createClient(), SerdeType.VALUE, { useLatestVersion: true });
  await client.register('js-evolve-value', { schema: order(), schemaType: 'AVRO' });
  const bytes = await writer.serialize('js-evolve', { id: 1 });
  const note = { name: 'note', type: 'string', default: 'none' };
  await client.register('js-evolve-value', { schema: order(note), schemaType: 'AVRO' });
  expect(await client.getAllVersions('js-evolve-value')).toEqual([1, 2]);
  const reader = new AvroDeserializer(createClient(), SerdeType.VALUE, { useLatestVersion: true });
  expect(await reader.deserialize('js-evolve', bytes)).toMatchObject({ id: 1 });
});

test('references between Avro schemas are followed', async () => {
  const money = JSON.stringify({
    type: 'record',
    name: 'Money',
    namespace: 'shop',
    fields: [{ name: 'cents', type: 'int' }],
  });
  await client.register('js-money', { schema: money, schemaType: 'AVRO' });
  await client.register('js-bill-value', {
    schema: JSON.stringify({
      type: 'record',
      name: 'Bill',
      namespace: 'shop',
      fields: [{ name: 'total', type: 'shop.Money' }],
    }),
    schemaType: 'AVRO',
    references: [{ name: 'shop.Money', subject: 'js-money', version: 1 }],
  });
  const writer = new AvroSerializer(createClient(), SerdeType.VALUE, { useLatestVersion: true });
  const reader = new AvroDeserializer(createClient(), SerdeType.VALUE, {});
  const bytes = await writer.serialize('js-bill', { total: { cents: 5 } });
  expect(await reader.deserialize('js-bill', bytes)).toMatchObject({ total: { cents: 5 } });
});

test('an incompatible schema is refused with 409', async () => {
  await client.register('js-refused', { schema: order(), schemaType: 'AVRO' });
  const breaking = { schema: order({ name: 'total', type: 'double' }), schemaType: 'AVRO' };
  expect(await client.testCompatibility('js-refused', 1, breaking)).toBe(false);
  expect(await client.testSubjectCompatibility('js-refused', breaking)).toBe(false);
  await expect(client.register('js-refused', breaking)).rejects.toMatchObject({
    status: 409,
    errorCode: 409,
  });
});

test('a JSON document makes its way', async () => {
  const schema = JSON.stringify({
    type: 'object',
    title: 'Order',
    properties: { id: { type: 'integer' } },
    required: ['id'],
    additionalProperties: false,
  });
  await client.register('js-json-value', { schema, schemaType: 'JSON' });
  const writer = new JsonSerializer(createClient(), SerdeType.VALUE, {
    useLatestVersion: true,
    validate: true,
  });
  const reader = new JsonDeserializer(createClient(), SerdeType.VALUE, { validate: true });
  expect(await reader.deserialize('js-json', await writer.serialize('js-json', { id: 3 }))).toEqual({
    id: 3,
  });
  await expect(writer.serialize('js-json', { id: 'three' })).rejects.toThrow();
});

test('a Protobuf message and the file that it imports are registered by the serializer itself, as descriptors', async () => {
  const files = createFileRegistry(
    file('shop/bill.proto', ['shop/money.proto'], {
      name: 'Bill',
      field: [
        field('id', 1, FieldDescriptorProto_Type.STRING),
        { ...field('total', 2, FieldDescriptorProto_Type.MESSAGE), typeName: '.shop.Money' },
      ],
    }),
    (name) =>
      name === 'shop/money.proto'
        ? file(name, [], { name: 'Money', field: [field('cents', 1, FieldDescriptorProto_Type.INT64)] })
        : undefined,
  );
  const [bill, money] = [message(files.getMessage('shop.Bill')), message(files.getMessage('shop.Money'))];
  const writer = new ProtobufSerializer(createClient(), SerdeType.VALUE, {
    registry: createMutableRegistry(bill, money),
    autoRegisterSchemas: true,
  });
  const sent = create(bill, { id: 'a', total: create(money, { cents: 5n }) });
  const bytes = await writer.serialize('js-proto', sent);
  const reader = new ProtobufDeserializer(createClient(), SerdeType.VALUE, {});
  expect(await reader.deserialize('js-proto', bytes)).toMatchObject({ id: 'a', total: { cents: 5n } });
  // Who asks for no format reads a .proto file.
  const { schema, references } = await client.getLatestSchemaMetadata('js-proto-value');
  expect(schema).toContain('message Bill');
  expect(references).toEqual([{ name: 'shop/money.proto', subject: 'shop/money.proto', version: 1 }]);
  // Another serializer finds what this one registered.
  await new ProtobufSerializer(createClient(), SerdeType.VALUE, {
    registry: createMutableRegistry(bill, money),
  }).serialize('js-proto', sent);
  expect(await client.getAllVersions('js-proto-value')).toEqual([1]);
});

test('what was published by hand on our own path is found by the id that it has there, and the other way round', async () => {
  // As people write it: attributes in an order of their own, and spaces.
  const byHand =
    '{ "namespace": "shop", "name": "Order", "type": "record",\n "fields": [{"type":"int","name":"id"}] }';
  const id = await registry.publish('js-hand-value', { schema: byHand });
  expect(await createClient().getId('js-hand-value', { schema: order(), schemaType: 'AVRO' })).toBe(id);
  expect(await createClient().register('js-hand-value', { schema: order(), schemaType: 'AVRO' })).toBe(id);

  const registered = await createClient().register('js-machine-value', {
    schema: order(),
    schemaType: 'AVRO',
  });
  await expect(registry.publish('js-machine-value', { schema: byHand })).rejects.toThrow(
    `"version":1,"semver":"1.0.0","bump":"MAJOR","id":${registered}`,
  );
});

test('a Protobuf message finds the commented file that was published by hand', async () => {
  const id = await registry.publish('js-hand-proto-value', {
    schemaType: 'PROTOBUF',
    schema:
      '// What was bought.\nsyntax = "proto3";\npackage shop;\nmessage Order {\n  string  id = 1; // Its number.\n}\n',
  });
  const files = createFileRegistry(
    file('shop/order.proto', [], {
      name: 'Order',
      field: [field('id', 1, FieldDescriptorProto_Type.STRING)],
    }),
    () => undefined,
  );
  const made = message(files.getMessage('shop.Order'));
  for (const autoRegisterSchemas of [false, true]) {
    const writer = new ProtobufSerializer(createClient(), SerdeType.VALUE, {
      registry: createMutableRegistry(made),
      autoRegisterSchemas,
    });
    const bytes = await writer.serialize('js-hand-proto', create(made, { id: 'a' }));
    expect(bytes.readUInt32BE(1)).toBe(id);
  }
  expect(await client.getAllVersions('js-hand-proto-value')).toEqual([1]);
});

test('ids, lookups, configs and deletions answer as the client expects', async () => {
  const info = { schema: order(), schemaType: 'AVRO' };
  const id = await client.register('js-life', info);
  expect(await createClient().getId('js-life', info)).toBe(id);
  expect(await createClient().getVersion('js-life', info)).toBe(1);
  const { guid } = await client.registerFullResponse('js-life', info);
  expect((await createClient().getByGuid(guid ?? '')).schema).toBe(order());
  expect(await createClient().getAllSubjects()).toContain('js-life');
  await client.updateCompatibility('js-life', Compatibility.FULL);
  expect(await createClient().getCompatibility('js-life')).toBe('FULL');
  await client.updateDefaultCompatibility(Compatibility.BACKWARD);
  expect(await createClient().getDefaultCompatibility()).toBe('BACKWARD');
  await client.updateConfig('js-life', { compatibilityGroup: 'major' });
  expect(await createClient().getConfig('js-life')).toMatchObject({ compatibilityGroup: 'major' });
  const metadata = { properties: { major: '2' } };
  await client.register('js-life', { ...info, metadata });
  expect((await createClient().getLatestWithMetadata('js-life', { major: '2' })).version).toBe(2);
  expect(await client.deleteSubjectVersion('js-life', 1)).toBe(1);
  expect(await client.deleteSubject('js-life')).toEqual([2]);
  expect(await client.deleteSubject('js-life', true)).toEqual([1, 2]);
});

function file(name: string, dependency: readonly string[], messageType: object) {
  return create(FileDescriptorProtoSchema, {
    name,
    package: 'shop',
    syntax: 'proto3',
    dependency: [...dependency],
    messageType: [messageType],
  });
}

function field(name: string, number: number, type: FieldDescriptorProto_Type) {
  return { name, number, type, jsonName: name, label: FieldDescriptorProto_Label.OPTIONAL };
}

function message(found: DescMessage | undefined): DescMessage {
  if (found === undefined) throw new Error('the test describes no such message');
  return found;
}
