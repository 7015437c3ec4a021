import { createDatabase, type Database } from '@spine/platform/postgres/create-database';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatSemver, parseSemver } from '../domain/semver.ts';
import { isLive } from '../domain/subject-version.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { schemaTexts } from '../store/schemas.ts';
import { optional, publishRequest, required } from '../testing/publish-builder.ts';
import { registryTemplate } from '../testing/start-registry.ts';
import { deleteSubject, deleteVersion } from './delete-versions.ts';
import { deprecateVersion } from './deprecate-version.ts';
import { getVersion } from './get-version.ts';
import { listChangelog } from './list-changelog.ts';
import { publishSchema } from './publish-schema.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { rollbackSubject } from './rollback-subject.ts';
import { createSchemaCache } from './schema-cache.ts';
import { registerUsage } from './usages.ts';

let storage: TestDatabase;
let database: Database<RegistryTables>;
let deps: RegistryDeps;
beforeAll(async () => {
  storage = await createTestDatabase({ template: registryTemplate });
  database = createDatabase({ url: storage.url, schema: 'registry', log: createRecordingLog(), max: 8 });
  deps = { database, schemas: createSchemaCache() };
});
afterAll(async () => {
  await database.close();
  await storage.drop();
});

const publish = async (subject: string, fields: readonly object[], version?: string) => {
  const requested = version === undefined ? undefined : parseSemver(version);
  const outcome = await publishSchema(deps, publishRequest(subject, fields, { requested }));
  if (!('version' in outcome)) throw new Error(`refused: ${outcome.kind}`);
  return outcome.version;
};
const latest = async (subject: string): Promise<string> =>
  formatSemver((await getVersion(deps, subject, 'latest')).semver);
const back = (subject: string, to: string, more: object = {}) =>
  rollbackSubject(deps, { subject, to, by: 'stella', ...more });
const told = async (subject: string): Promise<readonly string[]> => {
  const { rows } = await sql<{ item: { kind: string; version: number } }>`
    select item from stream_event where stream = 'schemaChanges' and item ->> 'subject' = ${subject} order by seq
  `.execute(database.kysely);
  return rows.map(({ item }) => `${item.kind} ${item.version}`);
};

describe('rollback (R3)', () => {
  test('the older version is the latest again, and what was newer stays readable and marked', async () => {
    await publish('back', [optional('a')]);
    const newer = await publish('back', [optional('a'), optional('b')]);
    const outcome = await back('back', '1.0.0', { reason: 'b was a mistake' });
    expect(outcome).toMatchObject({
      kind: 'rolled_back',
      latest: { version: 1 },
      rolledBack: [{ version: 2, state: { rolledBack: { by: 'stella', reason: 'b was a mistake' } } }],
      report: { compatible: true, incompatibilities: [] },
    });
    expect(await latest('back')).toBe('1.0.0');
    await expect(getVersion(deps, 'back', '2')).rejects.toThrow(
      expect.objectContaining({ code: 'VERSION_NOT_FOUND' }),
    );
    expect((await getVersion(deps, 'back', '2', { deleted: true })).version).toBe(2);
    expect((await schemaTexts(database.kysely, [newer.schemaId])).size).toBe(1);
    expect(await told('back')).toEqual(['published 1', 'published 2', 'rolledBack 2']);
  });

  test('what was rolled back may come again: its id stays, its number does not', async () => {
    const first = await publish('again', [optional('a')]);
    const second = await publish('again', [optional('a'), optional('b')]);
    await back('again', String(first.version));
    const third = await publish('again', [optional('a'), optional('b')]);
    expect(third).toMatchObject({
      version: 3,
      schemaId: second.schemaId,
      semver: { major: 1, minor: 2, patch: 0 },
    });
    expect(await getVersion(deps, 'again', '2', { deleted: true })).toMatchObject({
      state: { rolledBack: { by: 'stella' }, erasedAt: expect.any(Date) },
    });
  });

  test('an older schema that cannot read what was written since needs somebody who answers for it', async () => {
    await publish('torn', [optional('a')]);
    await publish('torn', [{ name: 'a', type: 'int' }], '2.0.0');
    await registerUsage(deps, {
      subject: 'torn',
      role: 'CONSUMER',
      name: 'billing',
      version: '2',
      by: 'ann',
    });
    const refused = await back('torn', '1.0.0');
    expect(refused).toMatchObject({
      kind: 'unreadable',
      report: {
        compatible: false,
        incompatibilities: [{ direction: 'BACKWARD', versions: [2] }],
        affected: [{ role: 'CONSUMER', name: 'billing', version: 2 }],
      },
    });
    expect(await latest('torn')).toBe('2.0.0');
    expect(await back('torn', '1.0.0', { approver: 'stella' })).toMatchObject({ kind: 'unreadable' });
    expect(await back('torn', '1.0.0', { force: true })).toMatchObject({ kind: 'unreadable' });
    expect(await back('torn', '1.0.0', { force: true, approver: 'stella' })).toMatchObject({
      kind: 'rolled_back',
      rolledBack: [{ state: { rolledBack: { approver: 'stella' } } }],
    });
    expect(await latest('torn')).toBe('1.0.0');
  });

  test('nothing newer, nothing done', async () => {
    await publish('idle', [optional('a')]);
    expect(await back('idle', '1')).toMatchObject({ kind: 'rolled_back', rolledBack: [] });
    expect(await told('idle')).toEqual(['published 1']);
  });

  test('of a version that is gone or was never there nothing is left to roll back to', async () => {
    await publish('gone', [optional('a')]);
    await publish('gone', [optional('b')]);
    await deleteVersion(deps, 'gone', 1, { permanent: false });
    for (const to of ['1', '7.0.0']) {
      await expect(back('gone', to)).rejects.toThrow(expect.objectContaining({ code: 'VERSION_NOT_FOUND' }));
    }
    await expect(back('nobody', '1')).rejects.toThrow(expect.objectContaining({ code: 'SUBJECT_NOT_FOUND' }));
  });
});

test('a publish and a rollback at once: what stays live was judged by what stays live', async () => {
  const orders = new Set<string>();
  for (let round = 0; round < 12; round += 1) {
    const subject = `race-${round}`;
    await publish(subject, [optional('a')]);
    await publish(subject, [optional('a'), optional('b')]);
    const publishing = publish(subject, [optional('a'), optional('b'), optional('c')]);
    // Later and later, so that both orders are seen.
    if (round % 2 === 1) await publishing;
    await Promise.all([publishing, back(subject, '1.0.0')]);
    const [newest] = await listChangelog(deps, subject, { before: undefined, limit: 1 });
    const added = newest?.diff?.map(({ name }) => name.split('.').at(-1));
    const isOffered = newest !== undefined && isLive(newest.version);
    orders.add(isOffered ? 'rolled back first' : 'published first');
    expect(added, subject).toEqual(isOffered ? ['b', 'c'] : ['c']);
  }
  expect(orders).toContain('published first');
});

describe('deletion', () => {
  test('is twofold: no longer offered, then gone; positions go on after the first', async () => {
    await publish('two', [optional('a')]);
    const second = await publish('two', [optional('b')]);
    expect(await deleteVersion(deps, 'two', 2, { permanent: true })).toEqual({ kind: 'still_live' });
    expect(await deleteVersion(deps, 'two', 2, { permanent: false })).toMatchObject({ kind: 'deleted' });
    expect(await deleteVersion(deps, 'two', 2, { permanent: false })).toEqual({ kind: 'already_deleted' });
    expect(await latest('two')).toBe('1.0.0');
    expect(await publish('two', [optional('c')])).toMatchObject({ version: 3, semver: { minor: 2 } });
    expect(await deleteVersion(deps, 'two', 2, { permanent: true })).toMatchObject({ kind: 'deleted' });
    expect(await deleteVersion(deps, 'two', 2, { permanent: true })).toEqual({ kind: 'not_found' });
    expect((await schemaTexts(database.kysely, [second.schemaId])).size).toBe(1);
    expect(await told('two')).toEqual([
      'published 1',
      'published 2',
      'deleted 2',
      'published 3',
      'removed 2',
    ]);
  });

  test('of a whole subject begins its positions anew only when it is for good', async () => {
    await publish('whole', [optional('a')]);
    await publish('whole', [optional('b')]);
    expect(await deleteSubject(deps, 'whole', { permanent: false })).toMatchObject({
      versions: [{ version: 1 }, { version: 2 }],
    });
    expect(await deleteSubject(deps, 'whole', { permanent: false })).toEqual({ kind: 'already_deleted' });
    await expect(getVersion(deps, 'whole', 'latest')).rejects.toThrow(
      expect.objectContaining({ code: 'SUBJECT_NOT_FOUND' }),
    );
    expect(await publish('whole', [optional('c')])).toMatchObject({ version: 3, semver: { major: 2 } });
    await deleteSubject(deps, 'whole', { permanent: false });
    expect(await deleteSubject(deps, 'whole', { permanent: true })).toMatchObject({ kind: 'deleted' });
    expect(await deleteSubject(deps, 'whole', { permanent: true })).toEqual({ kind: 'not_found' });
    expect(await publish('whole', [optional('d')])).toMatchObject({ version: 1, semver: { major: 1 } });
  });

  test('a stored version is removed only by who says so (invariant 8)', async () => {
    await publish('kept', [optional('a')]);
    const removal = database.kysely.deleteFrom('subject_version').where('subject', '=', 'kept').execute();
    await expect(removal).rejects.toThrow(/only for good/);
  });
});

test('a deprecated version is still offered, says until when, and can be cleared', async () => {
  await publish('old', [optional('a')]);
  const sunset = new Date('2031-01-01T00:00:00Z');
  expect(await deprecateVersion(deps, 'old', '1.0.0', { sunset, note: 'use 2' })).toMatchObject({
    state: { deletedAt: null, deprecation: { sunset, note: 'use 2' } },
  });
  expect(await latest('old')).toBe('1.0.0');
  expect((await deprecateVersion(deps, 'old', 'latest', null)).state.deprecation).toBeNull();
  expect(await told('old')).toEqual(['published 1', 'deprecated 1', 'undeprecated 1']);
});

describe('pre-releases', () => {
  test('are never the latest and bind nobody', async () => {
    await publish('trial', [optional('a')]);
    await publish('trial', [optional('a'), optional('x')], '1.1.0-rc.1');
    expect(await latest('trial')).toBe('1.0.0');
    // It has no x: no matter, for that was only tried.
    expect(await publish('trial', [optional('a'), { name: 'x', type: 'int', default: 0 }])).toMatchObject({
      semver: { major: 1, minor: 1, patch: 0 },
    });
    expect(await latest('trial')).toBe('1.1.0');
  });

  test('become a release under its number, with the same id', async () => {
    await publish('promoted', [optional('a')]);
    const trial = await publish('promoted', [optional('b')], '1.1.0-rc.1');
    expect((await publish('promoted', [optional('b')])).version).toBe(trial.version);
    expect(await publish('promoted', [optional('b')], '1.1.0')).toMatchObject({
      version: 3,
      schemaId: trial.schemaId,
    });
    expect(await latest('promoted')).toBe('1.1.0');
  });

  test('alone make a subject without a latest', async () => {
    await publish('early', [required('a')], '1.0.0-alpha');
    await expect(getVersion(deps, 'early', 'latest')).rejects.toThrow(
      expect.objectContaining({ code: 'VERSION_NOT_FOUND' }),
    );
    expect(await publish('early', [required('b')])).toMatchObject({ semver: { major: 1, minor: 0 } });
  });
});
