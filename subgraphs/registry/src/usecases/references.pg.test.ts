import { createDatabase, type Database } from '@spine/platform/postgres/create-database';
import { createRecordingLog } from '@spine/testkit/recording-log';
import { createTestDatabase, type TestDatabase } from '@spine/testkit/test-database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SchemaReference } from '../domain/schema-reference.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { registryTemplate } from '../testing/start-registry.ts';
import { deleteSubject, deleteVersion } from './delete-versions.ts';
import { publishSchema } from './publish-schema.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { resolveReferences } from './resolve-references.ts';
import { rollbackSubject } from './rollback-subject.ts';
import { createSchemaCache } from './schema-cache.ts';

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

const record = (name: string, fields: Readonly<Record<string, string>>): string =>
  JSON.stringify({
    type: 'record',
    name,
    namespace: 'ref',
    fields: Object.entries(fields).map(([field, type]) => ({ name: field, type })),
  });
const uses = (name: string, version = 1): SchemaReference => ({
  name: `ref.${name}`,
  subject: `ref-${name}`,
  version,
});
const publish = (subject: string, text: string, references: readonly SchemaReference[] = []) =>
  publishSchema(deps, { subject, type: 'AVRO', text, references, publishedBy: 'ann', mayChangeLevel: false });

describe('references', () => {
  test('lead to all that is used, each once, and after what it uses itself', async () => {
    await publish('ref-Money', record('Money', { amount: 'long' }));
    await publish('ref-Line', record('Line', { price: 'ref.Money' }), [uses('Money')]);
    await publish('ref-Order', record('Order', { line: 'ref.Line', total: 'ref.Money' }), [
      uses('Line'),
      uses('Money'),
    ]);
    const texts = await resolveReferences(database.kysely, [uses('Order'), uses('Line')]);
    expect(texts.map(({ name }) => name)).toEqual(['ref.Money', 'ref.Line', 'ref.Order']);
  });

  test('are part of the content: another version of what is used is another schema', async () => {
    await publish('ref-Part', record('Part', { a: 'int' }));
    await publish('ref-Part', JSON.stringify({ ...JSON.parse(record('Part', { a: 'int' })), doc: 'a part' }));
    const text = record('Whole', { part: 'ref.Part' });
    const first = await publish('ref-Whole', text, [uses('Part', 1)]);
    expect(await publish('ref-Whole', text, [uses('Part', 1)])).toMatchObject({ kind: 'known' });
    const second = await publish('ref-Whole', text, [uses('Part', 2)]);
    expect(second).toMatchObject({
      kind: 'published',
      version: { version: 2, references: [uses('Part', 2)] },
    });
    expect(second).not.toMatchObject({ version: { schemaId: 'version' in first && first.version.schemaId } });
  });

  test('that lead nowhere are refused by name, and nothing is stored', async () => {
    const wanted = publish('ref-Lost', record('Lost', { x: 'ref.Nothing' }), [uses('Nothing')]);
    await expect(wanted).rejects.toThrow(
      expect.objectContaining({
        code: 'REFERENCE_UNKNOWN',
        path: '/references/0',
        message: expect.stringContaining('ref.Nothing'),
      }),
    );
    await publish('ref-Gone', record('Gone', { a: 'int' }));
    await deleteVersion(deps, 'ref-Gone', 1, { permanent: false });
    await expect(publish('ref-Lost', record('Lost', { x: 'ref.Gone' }), [uses('Gone')])).rejects.toThrow(
      expect.objectContaining({ code: 'REFERENCE_UNKNOWN' }),
    );
    const { rows } = await database.pool.query("select 1 from subject where name = 'ref-Lost'");
    expect(rows).toEqual([]);
  });

  test('that lead back to the subject itself are refused', async () => {
    await publish('ref-Egg', record('Egg', { a: 'int' }));
    await publish('ref-Hen', record('Hen', { egg: 'ref.Egg' }), [uses('Egg')]);
    await expect(publish('ref-Egg', record('Egg', { hen: 'ref.Hen' }), [uses('Hen')])).rejects.toThrow(
      expect.objectContaining({ code: 'SCHEMA_INVALID', path: '/references' }),
    );
    await expect(publish('ref-Egg', record('Egg', { egg: 'ref.Egg' }), [uses('Egg')])).rejects.toThrow(
      expect.objectContaining({ code: 'SCHEMA_INVALID' }),
    );
  });

  test('a chain longer than is read at once is refused, not followed', async () => {
    await publish('ref-C0', record('C0', { a: 'int' }));
    const publishLink = (link: number) =>
      publish(`ref-C${link}`, record(`C${link}`, { a: `ref.C${link - 1}` }), [uses(`C${link - 1}`)]);
    for (let link = 1; link <= 100; link += 1) {
      expect(await publishLink(link), `link ${link}`).toMatchObject({ kind: 'published' });
    }
    await expect(publishLink(101)).rejects.toThrow(expect.objectContaining({ code: 'SCHEMA_TOO_COMPLEX' }));
  });
});

describe('what is used', () => {
  test('is not deleted under its users, nor removed while one of them can be read', async () => {
    await publish('ref-Base', record('Base', { a: 'int' }));
    await publish('ref-User', record('User', { base: 'ref.Base' }), [uses('Base')]);
    expect(await deleteVersion(deps, 'ref-Base', 1, { permanent: false })).toMatchObject({
      kind: 'referenced',
      by: { subject: 'ref-User', version: 1 },
    });
    expect(await deleteSubject(deps, 'ref-Base', { permanent: false })).toMatchObject({ kind: 'referenced' });
    await deleteSubject(deps, 'ref-User', { permanent: false });
    expect(await deleteSubject(deps, 'ref-Base', { permanent: false })).toMatchObject({ kind: 'deleted' });
    expect(await deleteSubject(deps, 'ref-Base', { permanent: true })).toMatchObject({ kind: 'referenced' });
    await deleteSubject(deps, 'ref-User', { permanent: true });
    expect(await deleteSubject(deps, 'ref-Base', { permanent: true })).toMatchObject({ kind: 'deleted' });
  });

  test('is not rolled back under its users either', async () => {
    await publish('ref-Root', record('Root', { a: 'int' }));
    const documented = JSON.stringify({ ...JSON.parse(record('Root', { a: 'int' })), doc: 'a root' });
    await publish('ref-Root', documented);
    await publish('ref-Leaf', record('Leaf', { root: 'ref.Root' }), [uses('Root', 2)]);
    const back = { subject: 'ref-Root', to: '1', by: 'stella' };
    await expect(rollbackSubject(deps, back)).rejects.toThrow(
      expect.objectContaining({ code: 'REFERENCE_IN_USE', message: expect.stringContaining('ref-Leaf') }),
    );
    const forced = { ...back, force: true, approver: 'stella' };
    expect(await rollbackSubject(deps, forced)).toMatchObject({ kind: 'rolled_back' });
    // Its user reads on.
    const again = createSchemaCache();
    const other = { database, schemas: again };
    const next = record('Leaf', { root: 'ref.Root' }).replace('"Leaf"', '"Leaf","doc":"a leaf"');
    await expect(
      publishSchema(other, {
        subject: 'ref-Leaf',
        type: 'AVRO',
        text: next,
        references: [uses('Root', 1)],
        publishedBy: 'ann',
        mayChangeLevel: false,
      }),
    ).resolves.toMatchObject({ kind: 'published', version: { bump: 'PATCH' } });
  });
});
