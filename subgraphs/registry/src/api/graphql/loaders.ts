import type { DatasetName } from '@spine/kernel/table-ref';
import DataLoader from 'dataloader';
import type { Subject } from '../../domain/subject.ts';
import { type SubjectVersion, versionKey } from '../../domain/subject-version.ts';
import { schemaTexts } from '../../store/schemas.ts';
import { listSubjectsByName, listSubjectsOfDatasets } from '../../store/subjects.ts';
import { latestVersions, listVersionsByKey, newestVersions } from '../../store/versions.ts';
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
        const found = indexBy(await listSubjectsByName(kysely, names), (subject) => subject.name);
        return names.map((wanted) => found.get(wanted) ?? null);
      }, batchOnly),
  );
  return loader.load(name);
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

function indexBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T> {
  return new Map(items.map((item) => [keyOf(item), item]));
}

function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}
