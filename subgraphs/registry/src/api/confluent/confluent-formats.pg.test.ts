import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConfluentCaller, startConfluentCaller } from './testing/confluent-caller.ts';

let caller: ConfluentCaller;
beforeAll(async () => {
  caller = await startConfluentCaller();
});
afterAll(() => caller.close());

const json = (schema: object) => ({ schema: JSON.stringify(schema), schemaType: 'JSON' });
const protobuf = (schema: string) => ({ schema, schemaType: 'PROTOBUF' });
const register = (subject: string, body: { schema: string; schemaType: string }, query = '') =>
  caller.post(`/subjects/${subject}/versions${query}`, body);

test('an open JSON object may not get a property, unless the policy is lenient', async () => {
  const open = { type: 'object', properties: { id: { type: 'integer' } } };
  const wider = { type: 'object', properties: { id: { type: 'integer' }, note: { type: 'string' } } };
  await register('json-policy', json(open));
  const refused = await register('json-policy', json(wider));
  expect(refused).toMatchObject({
    status: 409,
    body: { message: expect.stringContaining('PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL') },
  });
  await caller.put('/config/json-policy', { compatibilityPolicy: 'lenient' });
  expect((await caller.get('/config/json-policy')).body).toMatchObject({ compatibilityPolicy: 'LENIENT' });
  expect((await register('json-policy', json(wider))).body.version).toBe(2);
  await caller.remove('/config/json-policy');
  const widest = { ...wider, properties: { ...wider.properties, more: { type: 'string' } } };
  expect((await register('json-policy', json(widest))).status).toBe(409);
});

test('a Protobuf change is judged as Confluent judges it', async () => {
  const file = (fields: string) => protobuf(`syntax = "proto3"; package a; message M { ${fields} }`);
  await register('proto-change', file('int32 id = 1;'));
  // Another field and another name for the same number are as good, another kind is not.
  expect((await register('proto-change', file('int64 number = 1; string note = 2;'))).body.version).toBe(2);
  const refused = await register('proto-change', file('string id = 1;'));
  expect(refused).toMatchObject({
    status: 409,
    body: { message: expect.stringContaining('FIELD_SCALAR_KIND_CHANGED') },
  });
});

test('another format under the same subject is a breach', async () => {
  await register('types', json({ type: 'integer' }));
  expect(await caller.register('types', '"int"')).toMatchObject({
    status: 409,
    body: { message: expect.stringContaining('Incompatible because of different schema type') },
  });
});

test('normalized, the order in which things are said says nothing', async () => {
  const one = json({ type: 'object', properties: { a: {}, b: {} }, additionalProperties: false });
  const other = json({ additionalProperties: false, properties: { b: {}, a: {} }, type: 'object' });
  const first = await register('normal-json', one, '?normalize=true');
  expect((await register('normal-json', other, '?normalize=true')).body.id).toBe(first.body.id);

  const imports = (...paths: readonly string[]) =>
    protobuf(
      `syntax = "proto3"; ${paths.map((path) => `import "google/protobuf/${path}.proto";`).join(' ')}
       message M { google.protobuf.Timestamp at = 2; google.protobuf.Duration for = 1; }`,
    );
  const file = await register('normal-proto', imports('timestamp', 'duration'), '?normalize=true');
  const turned = imports('duration', 'timestamp');
  expect((await register('normal-proto', turned, '?normalize=true')).body.id).toBe(file.body.id);
  // A config may ask for it in everyone's place.
  await caller.put('/config/normal-proto', { normalize: true });
  expect((await caller.post('/subjects/normal-proto', turned)).body.version).toBe(1);
});

test('a Protobuf schema that came as text is given as a descriptor, and one that came so as text', async () => {
  const text = 'syntax = "proto3";\npackage a;\n\nmessage Sent {\n  string id = 1;\n}\n';
  const { body } = await register('proto-format', protobuf(text));
  const serialized = await caller.get(`/schemas/ids/${body.id}?format=serialized`);
  expect(Buffer.from(serialized.body.schema, 'base64').includes('Sent')).toBe(true);
  const again = await register('proto-again', protobuf(serialized.body.schema));
  expect(again.body.schema).toContain('message Sent');
  expect((await caller.get(`/schemas/ids/${body.id}`)).body.schema).toBe(text);
});

test('a JSON schema refers to another by its URI', async () => {
  await register('json-money', json({ $id: 'http://shop/money.json', type: 'integer' }));
  const bill = json({
    type: 'object',
    properties: { total: { $ref: 'http://shop/money.json' } },
    additionalProperties: false,
  });
  const references = [{ name: 'http://shop/money.json', subject: 'json-money', version: -1 }];
  const registered = await caller.post('/subjects/json-bill/versions', { ...bill, references });
  expect(registered.body.references).toEqual([{ ...references[0], version: 1 }]);
  const broken = await caller.post('/subjects/json-bill/versions', bill);
  expect(broken).toMatchObject({ status: 422, body: { error_code: 42201 } });
});
