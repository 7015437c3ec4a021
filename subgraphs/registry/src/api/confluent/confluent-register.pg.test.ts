import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type ConfluentCaller,
  optional,
  orderText,
  startConfluentCaller,
} from './testing/confluent-caller.ts';

let caller: ConfluentCaller;
beforeAll(async () => {
  caller = await startConfluentCaller();
});
afterAll(() => caller.close());

describe('registering (reference: registry §2.4)', () => {
  test('the same content has one id, whatever the subject, and registering again is idempotent', async () => {
    const first = await caller.register('r1', orderText('id'));
    expect(first).toMatchObject({
      status: 200,
      body: { version: 1, id: expect.any(Number), schemaType: 'AVRO' },
    });
    expect((await caller.register('r1', orderText('id'))).body).toEqual(first.body);
    expect((await caller.register('r1-other', orderText('id'))).body).toMatchObject({
      id: first.body.id,
      version: 1,
    });
  });

  test('two clients that write a schema in another order of attributes hold the same schema', async () => {
    const { body } = await caller.register(
      'r2',
      '{"type":"record","name":"A","fields":[{"name":"x","type":"int"}]}',
    );
    const again = await caller.register(
      'r2',
      '{ "name": "A", "fields": [ {"type": {"type":"int"}, "name": "x"} ], "type": "record" }',
    );
    expect(again.body).toEqual(body);
  });

  test('an old content that is registered again is answered with its old version, and latest stays', async () => {
    await caller.register('r3', orderText('id'));
    await caller.register('r3', orderText('id', optional('a')));
    expect((await caller.register('r3', orderText('id'))).body.version).toBe(1);
    expect((await caller.get('/subjects/r3/versions/latest')).body.version).toBe(2);
  });

  test('an incompatible schema is refused with 409, the breach, the old version and its text', async () => {
    await caller.register('r4', orderText('id'));
    const refused = await caller.register('r4', orderText('id', 'name'));
    expect(refused.status).toBe(409);
    expect(refused.body.error_code).toBe(409);
    expect(refused.body.message).toBe(
      'Schema being registered is incompatible with an earlier schema for subject "r4", details: [' +
        `{errorType:"READER_FIELD_MISSING_DEFAULT_VALUE", description:"The field 'name' at path '/fields/1' in the new schema has no default value and is missing in the old schema", additionalInfo:"name"}, ` +
        `{oldSchemaVersion: 1}, {oldSchema: '${orderText('id')}'}, {validateFields: 'false', compatibility: 'BACKWARD'}]`,
    );
  });

  test('a number in the body is a compare-and-set, and makes a repeated content a new version', async () => {
    const first = await caller.register('r5', orderText('id'));
    await caller.register('r5', orderText('id', optional('a')));
    expect(await caller.register('r5', orderText('id'), { version: 2 })).toMatchObject({
      status: 422,
      body: { error_code: 42201, message: 'Version is not one more than previous version' },
    });
    const again = await caller.register('r5', orderText('id'), { version: 3 });
    expect(again.body).toMatchObject({ version: 3, metadata: { properties: { 'confluent:version': '3' } } });
    expect(again.body.id).not.toBe(first.body.id);
    expect((await caller.register('r5', orderText('id'), { version: -1 })).body.version).toBe(4);
  });

  test('metadata and rules that a schema does not give are those of the version before', async () => {
    const metadata = { properties: { owner: 'shop' } };
    await caller.register('r6', orderText('id'), { metadata });
    expect((await caller.register('r6', orderText('id', optional('a')))).body).toMatchObject({
      version: 2,
      metadata,
    });
    expect(
      (await caller.register('r6', '', { metadata: { properties: { owner: 'sales' } } })).body,
    ).toMatchObject({
      version: 3,
      schema: orderText('id', optional('a')),
    });
    expect(await caller.register('r6-new', '')).toMatchObject({
      status: 422,
      body: { error_code: 42201, message: 'Empty schema' },
    });
  });

  test('the config gives metadata by default, and insists on some', async () => {
    await caller.put('/config/r7', {
      defaultMetadata: { properties: { a: '1', b: '1' } },
      overrideMetadata: { properties: { c: '3' } },
    });
    const { body } = await caller.register('r7', orderText('id'), {
      metadata: { properties: { b: '2', c: '2' } },
    });
    expect(body.metadata).toEqual({ properties: { a: '1', b: '2', c: '3' } });
  });

  test('only versions of one compatibility group are compared', async () => {
    await caller.put('/config/r8', { compatibilityGroup: 'major' });
    const of = (major: string) => ({ metadata: { properties: { major } } });
    await caller.register('r8', orderText('id'), of('1'));
    expect((await caller.register('r8', orderText('id', 'x'), of('1'))).status).toBe(409);
    expect((await caller.register('r8', orderText('id', 'x'), of('2'))).status).toBe(200);
    expect((await caller.register('r8', orderText('id', 'x', 'y'), of('2'))).status).toBe(409);
    expect((await caller.register('r8', orderText('id', 'z'), of('1'))).status).toBe(409);
    expect((await caller.register('r8', orderText('id', optional('o')), of('1'))).status).toBe(200);
  });
});

describe('many at once', () => {
  test('who registers the same gets the same, and one of two that break each other is refused', async () => {
    const same = await Promise.all(
      Array.from({ length: 10 }, () => caller.register('race', orderText('id'))),
    );
    expect(new Set(same.map(({ body }) => `${body.id}@${body.version}`)).size).toBe(1);
    const apart = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name) =>
        caller.register('race', orderText('id', { name, type: 'int', default: 0 })),
      ),
    );
    expect(apart.map(({ body }) => body.version).sort()).toEqual([2, 3, 4, 5]);
    const broken = await Promise.all(
      ['"int"', '"string"'].map((schema) => caller.register('race-break', schema)),
    );
    expect(broken.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test('of those who name the same position one gets it, and who wants any next one gets one of his own', async () => {
    await caller.register('cas', orderText('id'));
    const named = await Promise.all(
      ['a', 'b', 'c'].map((name) => caller.register('cas', orderText('id', optional(name)), { version: 2 })),
    );
    expect(named.map(({ status }) => status).sort()).toEqual([200, 422, 422]);
    const next = await Promise.all(
      ['d', 'e', 'f'].map((name) => caller.register('cas', orderText('id', optional(name)), { version: -1 })),
    );
    expect(next.map(({ body }) => body.version).sort()).toEqual([3, 4, 5]);
  });
});

test('tags are written into an Avro schema as a new version, and read back', async () => {
  await caller.register('tags', orderText('id', optional('email')));
  const tagsToAdd = [
    { schemaEntity: { entityPath: 'shop.Order.email', entityType: 'sr_field' }, tags: ['PII'] },
  ];
  const tagged = await caller.post('/subjects/tags/versions/latest/tags', { newVersion: 2, tagsToAdd });
  expect(tagged.body).toMatchObject({ version: 2 });
  expect(JSON.parse(tagged.body.schema).fields[1]['confluent:tags']).toEqual(['PII']);
  expect((await caller.get('/subjects/tags/versions/2?findTags=true')).body.schemaTags).toEqual(tagsToAdd);
});
