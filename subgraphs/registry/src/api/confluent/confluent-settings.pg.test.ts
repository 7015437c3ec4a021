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

describe('config', () => {
  test('it is set as compatibility, read as compatibilityLevel, and inherited from context and everything', async () => {
    expect((await caller.get('/config')).body).toEqual({ compatibilityLevel: 'BACKWARD' });
    await caller.register('cfg', orderText('id'));
    expect((await caller.get('/config/cfg?defaultToGlobal=true')).body.compatibilityLevel).toBe('BACKWARD');
    expect((await caller.put('/config/cfg', { compatibility: 'full', colour: 'red' })).body).toEqual({
      compatibility: 'FULL',
    });
    expect((await caller.get('/config/cfg')).body).toEqual({ compatibilityLevel: 'FULL' });
    // Our own paths see the same level.
    expect((await caller.get('/schemas/cfg')).body.level).toBe('FULL');
    expect((await caller.remove('/config/cfg')).body).toEqual({ compatibilityLevel: 'FULL' });
    expect((await caller.get('/config/cfg')).body.error_code).toBe(40408);

    await caller.put('/config/:.cfg:', { compatibility: 'FORWARD' });
    expect((await caller.get('/config/:.cfg:x?defaultToGlobal=true')).body.compatibilityLevel).toBe(
      'FORWARD',
    );
    expect((await caller.get('/contexts/cfg/config')).body.compatibilityLevel).toBe('FORWARD');
    await caller.put('/config', { compatibility: 'FULL_TRANSITIVE' });
    expect((await caller.get('/config/cfg?defaultToGlobal=true')).body.compatibilityLevel).toBe(
      'FULL_TRANSITIVE',
    );
    expect((await caller.register('cfg', orderText('id', optional('b'), 'c'))).status).toBe(409);
    expect((await caller.remove('/config')).body).toEqual({ compatibilityLevel: 'FULL_TRANSITIVE' });
    expect((await caller.get('/config')).body).toEqual({ compatibilityLevel: 'BACKWARD' });
  });

  test('a publisher may give a subject its first level and say again what holds, and change nothing', async () => {
    const level = (word: string) => caller.put('/config/first', { compatibility: word }, 'publisher');
    expect((await level('NONE')).status).toBe(200);
    await caller.register('first', orderText('id'));
    expect((await level('NONE')).status).toBe(200);
    expect((await level('FULL')).body.error_code).toBe(40301);
    expect((await caller.get('/config/first')).body.compatibilityLevel).toBe('NONE');
    for (const scope of ['', '/:.lab:', '/:.:']) {
      const refused = await caller.put(`/config${scope}`, { compatibility: 'NONE' }, 'publisher');
      expect(refused.body.error_code).toBe(40301);
    }
  });

  test('what was set for a subject before its first version holds for it', async () => {
    await caller.put('/config/early', { compatibility: 'NONE', alias: null });
    await caller.register('early', orderText('id'));
    expect((await caller.register('early', orderText('x'))).body.version).toBe(2);
  });

  test('an alias leads to another subject', async () => {
    await caller.register('aliased', orderText('id'));
    await caller.put('/config/alias', { alias: 'aliased' });
    expect((await caller.get('/subjects/alias/versions/latest')).body.subject).toBe('aliased');
  });

  test('a subject that was first published on our own path shows its own level there', async () => {
    await caller.registry.ask('POST', '/schemas/own', { schema: orderText('id') });
    expect((await caller.get('/config/own')).body).toEqual({ compatibilityLevel: 'FULL' });
    expect((await caller.register('own', orderText('id', 'b'))).status).toBe(409);
  });
});

describe('modes', () => {
  test('where one may only read nothing is registered, deleted or configured', async () => {
    await caller.register('ro', orderText('id'));
    expect((await caller.put('/mode/ro', { mode: 'READONLY' })).body).toEqual({ mode: 'READONLY' });
    const refused = {
      status: 422,
      body: { error_code: 42205, message: 'Subject ro in context . is in read-only mode' },
    };
    expect(await caller.register('ro', orderText('id', optional('x')))).toMatchObject(refused);
    expect(await caller.remove('/subjects/ro')).toMatchObject(refused);
    expect(await caller.put('/config/ro', { compatibility: 'NONE' })).toMatchObject(refused);
    expect((await caller.get('/mode/ro')).body).toEqual({ mode: 'READONLY' });
    expect((await caller.remove('/mode/ro')).body).toEqual({ mode: 'READONLY' });
    expect((await caller.register('ro', orderText('id', optional('x')))).status).toBe(200);
    expect((await caller.get('/mode')).body).toEqual({ mode: 'READWRITE' });
    expect((await caller.get('/mode/ro?defaultToGlobal=true')).body).toEqual({ mode: 'READWRITE' });
  });

  test('an import brings ids and positions of its own, unchecked', async () => {
    expect(await caller.register('imp', orderText('id'), { id: 70_001, version: 5 })).toMatchObject({
      status: 422,
      body: { error_code: 42205, message: 'Subject imp in context . is not in import mode' },
    });
    await caller.put('/mode/imp', { mode: 'IMPORT' });
    expect(
      (await caller.register('imp', orderText('imported'), { id: 70_001, version: 5 })).body,
    ).toMatchObject({
      id: 70_001,
      version: 5,
    });
    expect(
      (await caller.register('imp', orderText('imported', 'more'), { id: 70_002, version: 6 })).body.version,
    ).toBe(6);
    expect(await caller.register('imp', orderText('x', 'y'), { id: 70_001, version: 7 })).toMatchObject({
      status: 422,
      body: { error_code: 42205, message: 'Overwrite new schema with id 70001 is not permitted.' },
    });
    expect(await caller.register('imp', orderText('imported'), { id: 70_009, version: 5 })).toMatchObject({
      status: 422,
      body: { error_code: 42207 },
    });
    expect((await caller.register('imp', orderText('plain'))).body.error_code).toBe(42205);
    expect(await caller.put('/mode/ro', { mode: 'IMPORT' })).toMatchObject({
      body: { error_code: 42205, message: 'Cannot import since found existing subjects' },
    });
    expect((await caller.put('/mode/ro?force=true', { mode: 'IMPORT' })).body).toEqual({ mode: 'IMPORT' });
    await caller.remove('/mode/ro');
  });
});
