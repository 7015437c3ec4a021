import type { DatasetName } from '@spine/kernel/table-ref';
import DataLoader from 'dataloader';
import type { SchemaChange } from '../../domain/changelog/schema-change.ts';
import type { CompatibilityLevel } from '../../domain/compatibility-level.ts';
import type { ParsedSchema } from '../../domain/parsed-schema.ts';
import type { Subject } from '../../domain/subject.ts';
import { type SubjectVersion, versionKey } from '../../domain/subject-version.ts';
import type { Usage } from '../../domain/usage.ts';
import { type LoggedVersion, listChangesByKey, newestLoggedVersions } from '../../store/changelog.ts';
import { schemaTexts } from '../../store/schemas.ts';
import { listSubjectsByName, listSubjectsOfDatasets } from '../../store/subjects.ts';
import { listUsages } from '../../store/usages.ts';
import { latestVersions, listVersionsByKey, newestVersions } from '../../store/versions.ts';
import { readSchemas, schemaOf } from '../../usecases/read-schemas.ts';
import { levelsInForce } from '../../usecases/scope-terms.ts';
import type { RegistryContext } from './registry-context.ts';

/** They batch and do not remember: a subscription's context lives long, and what it saw may have changed. */
const batchOnly = { cache: false } as const;

/** One subject among those asked for in this tick. */
export function loadSubject(context: RegistryContext, name: string): Promise<Subject | null> {
  const { kysely } = context.registry.database;
  const loader = context.loaders.get(
    'registry.subject',
    () =>
      new DataLoader<string, Subject | null>(async (names) => {
        // No database text holds the character U+0000, and so no subject is called so.
        const storable = names.filter((name) => !name.includes('\0'));
        const found = indexBy(await listSubjectsByName(kysely, storable), (subject) => subject.name);
        return names.map((wanted) => found.get(wanted) ?? null);
      }, batchOnly),
  );
  return loader.load(name);
}

/** The level that holds for a subject. */
export function loadLevel(context: RegistryContext, subject: Subject): Promise<CompatibilityLevel> {
  const { kysely } = context.registry.database;
  const loader = context.loaders.get(
    'registry.level',
    () =>
      new DataLoader<Subject, CompatibilityLevel>((subjects) => levelsInForce(kysely, subjects), batchOnly),
  );
  return loader.load(subject);
}

/** The subject that describes a dataset; the first by name, where several do. */
export function loadSubjectOfDataset(
  context: RegistryContext,
  dataset: DatasetName,
): Promise<Subject | null> {
  const { kysely } = context.registry.database;
  const keyOf = ({ namespace, name }: DatasetName): string => JSON.stringify([namespace, name]);
  const loader = context.loaders.get(
    'registry.subjectOfDataset',
    () =>
      new DataLoader<DatasetName, Subject | null>(async (datasets) => {
        const subjects = await listSubjectsOfDatasets(kysely, datasets);
        // Later ones are overwritten by earlier ones.
        const found = indexBy(subjects.toReversed(), (subject) =>
          subject.dataset === null ? '' : keyOf(subject.dataset),
        );
        return datasets.map((wanted) => found.get(keyOf(wanted)) ?? null);
      }, batchOnly),
  );
  return loader.load(dataset);
}

/** The greatest version of a subject. */
export function loadLatest(context: RegistryContext, subject: string): Promise<SubjectVersion | null> {
  const { kysely } = context.registry.database;
  const loader = context.loaders.get(
    'registry.latest',
    () =>
      new DataLoader<string, SubjectVersion | null>(async (subjects) => {
        const found = indexBy(await latestVersions(kysely, unique(subjects)), (version) => version.subject);
        return subjects.map((wanted) => found.get(wanted) ?? null);
      }, batchOnly),
  );
  return loader.load(subject);
}

/** The newest `limit` versions of a subject. */
export function loadNewest(
  context: RegistryContext,
  subject: string,
  limit: number,
): Promise<readonly SubjectVersion[]> {
  const { kysely } = context.registry.database;
  const loader = context.loaders.get(
    `registry.newest.${limit}`,
    () =>
      new DataLoader<string, readonly SubjectVersion[]>(async (subjects) => {
        const versions = await newestVersions(kysely, unique(subjects), limit);
        return subjects.map((wanted) => versions.filter((version) => version.subject === wanted));
      }, batchOnly),
  );
  return loader.load(subject);
}

/** One version by subject and position. */
export function loadVersion(
  context: RegistryContext,
  key: { readonly subject: string; readonly version: number },
): Promise<SubjectVersion | null> {
  const { kysely } = context.registry.database;
  const loader = context.loaders.get(
    'registry.version',
    () =>
      new DataLoader<typeof key, SubjectVersion | null>(async (keys) => {
        const found = indexBy(await listVersionsByKey(kysely, keys), versionKey);
        return keys.map((wanted) => found.get(versionKey(wanted)) ?? null);
      }, batchOnly),
  );
  return loader.load(key);
}

/** The text of a content. */
export function loadText(context: RegistryContext, schemaId: number): Promise<string | null> {
  const { kysely } = context.registry.database;
  const loader = context.loaders.get(
    'registry.text',
    () =>
      new DataLoader<number, string | null>(async (ids) => {
        const texts = await schemaTexts(kysely, unique(ids));
        return ids.map((id) => texts.get(id) ?? null);
      }, batchOnly),
  );
  return loader.load(schemaId);
}

/** The schema of a version, read. */
export function loadSchema(context: RegistryContext, version: SubjectVersion): Promise<ParsedSchema> {
  const { database, schemas } = context.registry;
  const loader = context.loaders.get(
    'registry.schema',
    () =>
      new DataLoader<SubjectVersion, ParsedSchema>(async (versions) => {
        const read = await readSchemas(database.kysely, schemas, versions);
        return versions.map((wanted) => schemaOf(read, wanted));
      }, batchOnly),
  );
  return loader.load(version);
}

/** Who uses a subject. */
export function loadUsages(context: RegistryContext, subject: string): Promise<readonly Usage[]> {
  const { kysely } = context.registry.database;
  const loader = context.loaders.get(
    'registry.usages',
    () =>
      new DataLoader<string, readonly Usage[]>(async (subjects) => {
        const usages = await listUsages(kysely, unique(subjects));
        return subjects.map((wanted) => usages.filter(({ subject: used }) => used === wanted));
      }, batchOnly),
  );
  return loader.load(subject);
}

/** What a version changed; null where nothing was kept. */
export function loadChanges(
  context: RegistryContext,
  key: { readonly subject: string; readonly version: number },
): Promise<readonly SchemaChange[] | null> {
  const { kysely } = context.registry.database;
  const loader = context.loaders.get(
    'registry.changes',
    () =>
      new DataLoader<typeof key, readonly SchemaChange[] | null>(
        (keys) => listChangesByKey(kysely, keys),
        batchOnly,
      ),
  );
  return loader.load(key);
}

/** The newest `limit` versions of a subject with what each changed. */
export function loadNewestLogged(
  context: RegistryContext,
  subject: string,
  limit: number,
): Promise<readonly LoggedVersion[]> {
  const { kysely } = context.registry.database;
  const loader = context.loaders.get(
    `registry.newestLogged.${limit}`,
    () =>
      new DataLoader<string, readonly LoggedVersion[]>(async (subjects) => {
        const logged = await newestLoggedVersions(kysely, unique(subjects), limit);
        return subjects.map((wanted) => logged.filter(({ version }) => version.subject === wanted));
      }, batchOnly),
  );
  return loader.load(subject);
}

function indexBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [keyOf(item), item]));
}

function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}
