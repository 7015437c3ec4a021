import type { DatasetName } from '@spine/kernel/table-ref';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { compatibilityLevels } from '../domain/compatibility-level.ts';
import type { Subject } from '../domain/subject.ts';
import type { RegistryTables } from './registry-tables.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;
type Row = Pick<
  Selectable<RegistryTables['subject']>,
  'name' | 'level' | 'owner' | 'dataset_namespace' | 'dataset_name'
>;

const columns = ['name', 'level', 'owner', 'dataset_namespace', 'dataset_name'] as const;
const levelShape = z.enum(compatibilityLevels);

/** Lets one transaction at a time publish to the name, whether the subject exists or not; freed at its end. */
export async function lockSubject(trx: Transaction<RegistryTables>, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`registry.subject.${name}`}, 0))`.execute(trx);
}

/** The subject, or undefined. */
export async function findSubject(db: Db, name: string): Promise<Subject | undefined> {
  const row = await db.selectFrom('subject').select(columns).where('name', '=', name).executeTakeFirst();
  return row === undefined ? undefined : toSubject(row);
}

/** Those of the names that exist. */
export async function listSubjectsByName(db: Db, names: readonly string[]): Promise<readonly Subject[]> {
  const rows = await db.selectFrom('subject').select(columns).where('name', 'in', names).execute();
  return rows.map(toSubject);
}

/** Up to `limit` subjects in order of their names, behind `after`. */
export async function listSubjects(
  db: Db,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<readonly Subject[]> {
  const rows = await db
    .selectFrom('subject')
    .select(columns)
    .$if(after !== undefined, (query) => query.where('name', '>', after ?? ''))
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
    .select(columns)
    .where(
      sql<boolean>`(dataset_namespace, dataset_name) in (select * from unnest(${namespaces}::text[], ${names}::text[]))`,
    )
    .orderBy('name')
    .execute();
  return rows.map(toSubject);
}

/** Stores the subject as it is to be from now on. */
export async function putSubject(db: Db, subject: Subject): Promise<void> {
  const values = {
    level: subject.level,
    owner: subject.owner,
    dataset_namespace: subject.dataset?.namespace ?? null,
    dataset_name: subject.dataset?.name ?? null,
  };
  await db
    .insertInto('subject')
    .values({ name: subject.name, ...values })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
    .execute();
}

function toSubject(row: Row): Subject {
  const { dataset_namespace: namespace, dataset_name: name } = row;
  return {
    name: row.name,
    level: levelShape.parse(row.level),
    owner: row.owner,
    dataset: namespace === null || name === null ? null : { namespace, name },
  };
}
