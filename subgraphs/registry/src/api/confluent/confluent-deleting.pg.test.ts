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

describe('deleting', () => {
  test('numbers go on after a soft delete and begin again after a hard one', async () => {
    const { body } = await caller.register('del', orderText('id'));
    await caller.register('del', orderText('id', optional('b')));
    expect(await caller.remove('/subjects/del?permanent=true')).toMatchObject({
      body: { error_code: 40405 },
    });
    expect((await caller.remove('/subjects/del')).body).toEqual([1, 2]);
    expect((await caller.remove('/subjects/del')).body).toEqual({
      error_code: 40404,
      message: "Subject 'del' was soft deleted.Set permanent=true to delete permanently",
    });
    expect((await caller.get('/subjects/del/versions')).body.error_code).toBe(40401);
    expect((await caller.get('/subjects/del/versions?deleted=true')).body).toEqual([1, 2]);
    expect((await caller.get('/subjects?deleted=true&subjectPrefix=del')).body).toContain('del');
    expect((await caller.get('/subjects?deletedOnly=true&subjectPrefix=del')).body).toEqual(['del']);
    expect((await caller.get(`/schemas/ids/${body.id}`)).status).toBe(200);
    expect((await caller.register('del', orderText('id'))).body).toMatchObject({ version: 3, id: body.id });
    // The version that held the same content is gone for good.
    expect((await caller.get('/subjects/del/versions?deleted=true')).body).toEqual([2, 3]);
    expect((await caller.get('/subjects/del/versions?deletedAsNegative=true')).body).toEqual([-2, 3]);
    await caller.remove('/subjects/del');
    expect((await caller.remove('/subjects/del?permanent=true')).body).toEqual([2, 3]);
    expect((await caller.register('del', orderText('id', optional('c')))).body.version).toBe(1);
  });

  test('an id can be read as long as any version has its content, deleted or not', async () => {
    const { body } = await caller.register('gone', orderText('id', optional('gone')));
    const read = async () => (await caller.get(`/schemas/ids/${body.id}`)).status;
    await caller.remove('/subjects/gone');
    expect(await read()).toBe(200);
    await caller.remove('/subjects/gone?permanent=true');
    expect(await read()).toBe(404);
    expect((await caller.register('gone', orderText('id', optional('gone')))).body).toMatchObject({
      version: 1,
      id: body.id,
    });
    expect(await read()).toBe(200);
  });

  test('a version is deleted in two steps', async () => {
    await caller.register('delv', orderText('id'));
    await caller.register('delv', orderText('id', optional('b')));
    const path = '/subjects/delv/versions/1';
    expect((await caller.remove(`${path}?permanent=true`)).body).toEqual({
      error_code: 40407,
      message: "Subject 'delv' Version 1 was not deleted first before being permanently deleted",
    });
    expect((await caller.remove(path)).body).toBe(1);
    expect((await caller.remove(path)).body.error_code).toBe(40406);
    expect((await caller.get(path)).body).toEqual({ error_code: 40402, message: 'Version 1 not found.' });
    expect((await caller.get(`${path}?deleted=true`)).body).toMatchObject({ version: 1, deleted: true });
    expect((await caller.remove(`${path}?permanent=true`)).body).toBe(1);
    expect((await caller.get('/subjects/delv/versions?deleted=true')).body).toEqual([2]);
    expect((await caller.remove('/subjects/delv/versions/latest')).body).toBe(2);
  });

  test('what is used is not deleted, and tells who uses it', async () => {
    await caller.register(
      'used',
      JSON.stringify({ type: 'record', name: 'Used', namespace: 'u', fields: [] }),
    );
    const references = [{ name: 'u.Used', subject: 'used', version: 1 }];
    const user = await caller.register('user', orderText({ name: 'u', type: 'u.Used' }), { references });
    expect(user).toMatchObject({ status: 200, body: { references } });
    expect((await caller.get('/subjects/used/versions/1/referencedby')).body).toEqual([user.body.id]);
    expect(await caller.remove('/subjects/used')).toMatchObject({ status: 422, body: { error_code: 42206 } });
    expect(
      (await caller.get('/subjects/user/versions/1/schema?format=resolved')).body.fields[0].type.name,
    ).toBe('Used');
    // The same schema with what it uses written into it is the same schema.
    const inlined = JSON.stringify(
      (await caller.get('/subjects/user/versions/1/schema?format=resolved')).body,
    );
    expect((await caller.register('user', inlined)).body).toMatchObject({ version: 1, id: user.body.id });
    await caller.remove('/subjects/user');
    expect((await caller.get('/subjects/used/versions/1/referencedby')).body).toEqual([]);
    expect((await caller.remove('/subjects/used')).body).toEqual([1]);
    expect((await caller.remove('/subjects/used?permanent=true')).body.error_code).toBe(42206);
  });
});
