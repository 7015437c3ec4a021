import type { DatasetName } from '@spine/kernel/table-ref';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { axes, policies, profiles } from '../domain/check-rules.ts';
import { compatibilityLevels } from '../domain/compatibility-level.ts';
import { severities } from '../domain/lint/lint-finding.ts';
import { inheritedLevel, registeredVias, type Subject } from '../domain/subject.ts';
import type { RegistryTables } from './registry-tables.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** What `toSubject` reads. */
export const subjectColumns = [
  'name',
  'level',
  'profile',
  'axes',
  'policy',
  'lint',
  'registered_via',
  'owner',
  'dataset_namespace',
  'dataset_name',
] as const;

type Row = Pick<Selectable<RegistryTables['subject']>, (typeof subjectColumns)[number]>;

const storedShape = z.object({
  level: z.enum(compatibilityLevels).nullable(),
  profile: z.enum(profiles),
  axes: z.array(z.enum(axes)),
  policy: z.enum(policies),
  lint: z.record(z.string(), z.enum(severities)),
  registered_via: z.enum(registeredVias),
});

/** Whether a subject offers a version: one whose versions were all deleted is no longer there. */
const isOffered = sql<boolean>`exists (
  select from subject_version v
  left join version_state t on t.subject = v.subject and t.version = v.version
  where v.subject = subject.name and t.deleted_at is null)`;

/** Lets one transaction at a time publish to the name, whether the subject exists or not; freed at its end. */
export async function lockSubject(trx: Transaction<RegistryTables>, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`registry.subject.${name}`}, 0))`.execute(trx);
}

/** What is known of the subject, whether or not it offers a version; or undefined. */
export async function findSubject(db: Db, name: string): Promise<Subject | undefined> {
  const row = await db
    .selectFrom('subject')
    .select(subjectColumns)
    .where('name', '=', name)
    .executeTakeFirst();
  return row === undefined ? undefined : toSubject(row);
}

/** Those of the names whose subjects offer a version. */
export async function listSubjectsByName(db: Db, names: readonly string[]): Promise<readonly Subject[]> {
  if (names.length === 0) return [];
  const rows = await db
    .selectFrom('subject')
    .select(subjectColumns)
    .where('name', 'in', names)
    .where(isOffered)
    .execute();
  return rows.map(toSubject);
}

/** Up to `limit` subjects in order of their names, behind `after`; those whose names begin with `prefix`. */
export async function listSubjects(
  db: Db,
  {
    after,
    limit,
    prefix = '',
  }: { readonly after: string | undefined; readonly limit: number; readonly prefix?: string },
): Promise<readonly Subject[]> {
  const rows = await db
    .selectFrom('subject')
    .select(subjectColumns)
    .where(isOffered)
    .$if(after !== undefined, (query) => query.where('name', '>', after ?? ''))
    .$if(prefix !== '', (query) =>
      query.where(sql<boolean>`starts_with(name, ${prefix})`).where('name', '>=', prefix),
    )
    .orderBy('name')
    .limit(limit)
    .execute();
  return rows.map(toSubject);
}

/** The subjects that describe these datasets, in order of their names. */
export async function listSubjectsOfDatasets(
  db: Db,
  datasets: readonly DatasetName[],
): Promise<readonly Subject[]> {
  const namespaces = datasets.map((dataset) => dataset.namespace);
  const names = datasets.map((dataset) => dataset.name);
  const rows = await db
    .selectFrom('subject')
    .select(subjectColumns)
    .where(
      sql<boolean>`(dataset_namespace, dataset_name) in (select * from unnest(${namespaces}::text[], ${names}::text[]))`,
    )
    .where(isOffered)
    .orderBy('name')
    .execute();
  return rows.map(toSubject);
}

/** Stores the subject as it is to be from now on; the door that it first came by stays. */
export async function putSubject(db: Db, subject: Subject): Promise<void> {
  const values = {
    level: subject.ownLevel,
    profile: subject.profile,
    axes: JSON.stringify(subject.axes),
    policy: subject.policy,
    lint: JSON.stringify(subject.lint),
    owner: subject.owner,
    dataset_namespace: subject.dataset?.namespace ?? null,
    dataset_name: subject.dataset?.name ?? null,
  };
  await db
    .insertInto('subject')
    .values({ name: subject.name, registered_via: subject.registeredVia, ...values })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
    .execute();
}

/** Forgets a subject without versions, settings and all. */
export async function deleteSubjectRow(db: Db, name: string): Promise<void> {
  await db.deleteFrom('subject').where('name', '=', name).execute();
}

/** A row of these columns in the words of the domain. */
export function toSubject(row: Row): Subject {
  const { dataset_namespace: namespace, dataset_name: name } = row;
  const { level, registered_via: registeredVia, ...settings } = storedShape.parse(row);
  return {
    name: row.name,
    level: level ?? inheritedLevel(registeredVia),
    ownLevel: level,
    ...settings,
    registeredVia,
    owner: row.owner,
    dataset: namespace === null || name === null ? null : { namespace, name },
  };
}
