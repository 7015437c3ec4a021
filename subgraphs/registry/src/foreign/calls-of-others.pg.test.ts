import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ListeningRegistry, startListeningRegistry } from '../testing/listening-registry.ts';

// What clients call that cannot run here: Java's CachedSchemaRegistryClient, by which Connect, Debezium, ksqlDB and Flink
// ask, kafka-ui and Redpanda Console. Each call as they send it, headers too.

let registry: ListeningRegistry;
let id = 0;
let guid = '';
beforeAll(async () => {
  registry = await startListeningRegistry();
  const first = await java('POST', '/subjects/orders-value/versions', { schema: order });
  [id, guid] = [first.body.id, first.body.guid];
});
afterAll(() => registry.close());

const order = '{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"id","type":"long"}]}';
const wider =
  '{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"id","type":"long"},{"name":"note","type":"string","default":""}]}';
const vendor = 'application/vnd.schemaregistry.v1+json';
const basic = (): string => {
  const { username, password } = registry.steward;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
};

interface Answer {
  readonly status: number;
  readonly type: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into what it expects
  readonly body: any;
}

async function call(method: string, path: string, headers: object, body?: object): Promise<Answer> {
  const answer = await fetch(registry.url + path, {
    method,
    headers: { authorization: basic(), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    body: text === '' ? null : JSON.parse(text),
  };
}

/** Names its content type on every call, those without a body too, and no Accept. */
const java = (method: string, path: string, body?: object) =>
  call(method, path, { 'content-type': vendor, 'confluent-accept-unknown-properties': 'true' }, body);
/** A Spring client. */
const kafkaUi = (method: string, path: string, body?: object) =>
  call(
    method,
    path,
    {
      accept: `${vendor}, application/vnd.schemaregistry+json, application/json`,
      ...(body && { 'content-type': 'application/json' }),
    },
    body,
  );
/** franz-go's client. */
const console_ = (method: string, path: string, body?: object) =>
  call(method, path, { accept: vendor, ...(body && { 'content-type': vendor }) }, body);

describe("Java's client, for Connect, Debezium, ksqlDB and Flink", () => {
  test('a producer registers or looks up, and may use the latest', async () => {
    const again = await java('POST', '/subjects/orders-value/versions?normalize=false', {
      schema: order,
      schemaType: 'AVRO',
      references: [],
    });
    expect(again).toMatchObject({ status: 200, type: vendor, body: { id } });
    expect(
      (await java('POST', '/subjects/orders-value?normalize=false&deleted=false', { schema: order })).body,
    ).toMatchObject({ subject: 'orders-value', id, version: 1 });
    expect((await java('GET', '/subjects/orders-value/versions/latest')).body).toMatchObject({
      id,
      version: 1,
      schema: order,
    });
    expect((await java('GET', '/subjects/orders-value/metadata?key=none&value=x')).body.error_code).toBe(
      40403,
    );
  });

  test('a consumer reads by id, under a subject or not, and by guid', async () => {
    const document = (await java('GET', `/schemas/ids/${id}?fetchMaxId=false&subject=orders-value`)).body;
    expect(document).toMatchObject({ schema: order });
    expect((await java('GET', `/schemas/ids/${id}?fetchMaxId=true`)).body.maxId).toBeGreaterThanOrEqual(id);
    expect((await java('GET', `/schemas/guids/${guid}`)).body.schema).toBe(order);
    expect((await java('GET', `/schemas/ids/${id}/subjects`)).body).toEqual(['orders-value']);
    expect((await java('GET', `/schemas/ids/${id}/versions`)).body).toEqual([
      { subject: 'orders-value', version: 1 },
    ]);
    expect((await java('GET', '/subjects/orders-value/versions/1?deleted=true')).body.version).toBe(1);
  });

  test('its caches of what is missing are told the three codes that it knows', async () => {
    expect((await java('POST', '/subjects/missing', { schema: order })).body.error_code).toBe(40401);
    expect((await java('GET', '/subjects/orders-value/versions/99')).body.error_code).toBe(40402);
    expect((await java('GET', '/schemas/ids/999999')).body.error_code).toBe(40403);
  });

  test('its maven plugin and ksqlDB check and configure', async () => {
    const checked = await java('POST', '/compatibility/subjects/orders-value/versions/latest?verbose=true', {
      schema: wider,
    });
    expect(checked.body).toEqual({ is_compatible: true, messages: [] });
    // It ends the path in a slash where it means every version.
    const all = await java('POST', '/compatibility/subjects/orders-value/versions/?verbose=true', {
      schema: wider,
    });
    expect(all.body).toEqual({ is_compatible: true, messages: [] });
    expect((await java('GET', '/config/orders-value?defaultToGlobal=true')).body.compatibilityLevel).toBe(
      'BACKWARD',
    );
    expect((await java('PUT', '/config/orders-value', { compatibility: 'FULL' })).body).toEqual({
      compatibility: 'FULL',
    });
    expect((await java('DELETE', '/config/orders-value')).body).toEqual({ compatibilityLevel: 'FULL' });
    expect((await java('GET', '/mode')).body).toEqual({ mode: 'READWRITE' });
    expect((await java('GET', '/contexts')).body).toEqual(['.']);
    expect((await java('GET', '/schemas/types')).body).toEqual(['JSON', 'PROTOBUF', 'AVRO']);
    expect(
      (await java('GET', '/schemas?subjectPrefix=orders&deleted=false&latestOnly=true')).body,
    ).toHaveLength(1);
    expect((await java('GET', '/schemas')).body).toHaveLength(1);
  });

  test('Connect writes to a subject and deletes it again', async () => {
    const { body } = await java('POST', '/subjects/connect-value/versions', { schema: wider });
    expect(body.id).toBeGreaterThan(0);
    expect((await java('DELETE', '/subjects/connect-value/versions/1?permanent=false')).body).toBe(1);
    expect((await java('DELETE', '/subjects/connect-value?permanent=true')).body).toEqual([1]);
  });
});

test('kafka-ui lists subjects with their latest schema, level and versions, and adds and removes one', async () => {
  expect((await kafkaUi('GET', '/subjects')).body).toContain('orders-value');
  expect((await kafkaUi('GET', '/subjects?subjectPrefix=orders')).body).toEqual(['orders-value']);
  const latest = await kafkaUi('GET', '/subjects/orders-value/versions/latest?deleted=false');
  expect(latest).toMatchObject({ status: 200, type: vendor, body: { id, schemaType: 'AVRO' } });
  expect((await kafkaUi('GET', '/subjects/orders-value/versions')).body).toEqual([1]);
  expect((await kafkaUi('GET', '/config/orders-value?defaultToGlobal=true')).body.compatibilityLevel).toBe(
    'BACKWARD',
  );
  expect((await kafkaUi('GET', '/config')).body.compatibilityLevel).toBe('BACKWARD');
  const check = await kafkaUi('POST', '/compatibility/subjects/orders-value/versions/latest?verbose=true', {
    schema: '"string"',
    schemaType: 'AVRO',
  });
  expect(check.body).toMatchObject({ is_compatible: false, messages: expect.any(Array) });
  expect(
    (
      await kafkaUi('POST', '/subjects/ui-value/versions', {
        schema: order,
        schemaType: 'AVRO',
        references: [],
      })
    ).body.id,
  ).toBe(id);
  expect((await kafkaUi('PUT', '/config/ui-value', { compatibility: 'NONE' })).status).toBe(200);
  expect((await kafkaUi('DELETE', '/subjects/ui-value/versions/latest?permanent=false')).body).toBe(1);
  expect((await kafkaUi('DELETE', '/subjects/ui-value?permanent=true')).body).toEqual([1]);
});

test('Redpanda Console shows everything and walks through modes, contexts and references', async () => {
  expect((await console_('GET', '/mode')).body).toEqual({ mode: 'READWRITE' });
  expect((await console_('GET', '/mode/orders-value?defaultToGlobal=true')).body).toEqual({
    mode: 'READWRITE',
  });
  expect((await console_('GET', '/contexts')).body).toEqual(['.']);
  expect((await console_('GET', '/subjects?deleted=true')).body).toContain('orders-value');
  expect((await console_('GET', '/subjects/orders-value/versions?deleted=true')).body).toEqual([1]);
  expect((await console_('GET', '/subjects/orders-value/versions/1?deleted=true')).body).toMatchObject({
    id,
    schema: order,
  });
  expect((await console_('GET', '/subjects/orders-value/versions/1/referencedby')).body).toEqual([]);
  expect((await console_('GET', `/schemas/ids/${id}/versions`)).body).toEqual([
    { subject: 'orders-value', version: 1 },
  ]);
  expect((await console_('GET', '/schemas/types')).body).toContain('PROTOBUF');
  expect((await console_('GET', '/config/orders-value')).body.error_code).toBe(40408);
  expect(
    (
      await console_('POST', '/compatibility/subjects/orders-value/versions/1', {
        schema: wider,
        schemaType: 'AVRO',
      })
    ).body,
  ).toEqual({ is_compatible: true });
});
