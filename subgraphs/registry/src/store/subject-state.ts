import { type Kysely, sql, type Transaction } from 'kysely';
import type { Subject } from '../domain/subject.ts';
import type { SubjectVersion, VersionHead } from '../domain/subject-version.ts';
import type { Usage } from '../domain/usage.ts';
import type { RegistryTables } from './registry-tables.ts';
import { findSubject, subjectColumns, toSubject } from './subjects.ts';
import { listUsages } from './usages.ts';
import { selectHeads, selectVersions, toHead, toVersion } from './version-rows.ts';
import { listHeads } from './versions.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** All that a schema of a subject is judged by. */
export interface SubjectState {
  readonly subject: Subject | undefined;
  /** All versions there ever were, oldest first. */
  readonly versions: readonly VersionHead[];
  readonly usages: readonly Usage[];
  /** Another one whenever anything of this has changed; empty while there is no subject. */
  readonly token: string;
}

/** Reads a subject as it stands, most of the time in one round trip: a publisher waits for each of them. */
export async function readSubjectState(db: Db, name: string): Promise<SubjectState> {
  const rows = await selectHeads(db)
    .innerJoin('subject as u', 'u.name', 'v.subject')
    .select(subjectColumns.map((column) => `u.${column}` as const))
    .select([
      sql<string>`subject_token(u.name)`.as('token'),
      sql<boolean>`exists (select from subject_usage g where g.subject = u.name)`.as('is_used'),
    ])
    .where('v.subject', '=', name)
    .orderBy('v.version')
    .execute();
  const [first] = rows;
  if (first === undefined) return await readWithoutVersions(db, name);
  return {
    subject: toSubject(first),
    versions: rows.map(toHead),
    usages: first.is_used ? await listUsages(db, [name]) : [],
    token: first.token,
  };
}

/** The token of a subject as it stands; empty while there is none. */
export async function readToken(db: Db, name: string): Promise<string> {
  const { rows } = await sql<{ token: string | null }>`select subject_token(${name}) as token`.execute(db);
  return rows[0]?.token ?? '';
}

/** A version with all that is known of it, and the token of its subject as it stands; undefined if the version is not there. */
export async function findVersionUnderToken(
  db: Db,
  { subject, version }: { readonly subject: string; readonly version: number },
): Promise<{ readonly version: SubjectVersion; readonly token: string } | undefined> {
  const row = await selectVersions(db)
    .select(sql<string>`subject_token(v.subject)`.as('token'))
    .where('v.subject', '=', subject)
    .where('v.version', '=', version)
    .executeTakeFirst();
  return row === undefined ? undefined : { version: toVersion(row), token: row.token };
}

/** A subject that there is not, or one that was given settings before its first version. */
async function readWithoutVersions(db: Db, name: string): Promise<SubjectState> {
  // The token first: what changes between it and the rest makes it a wrong one.
  const token = await readToken(db, name);
  if (token === '') return { subject: undefined, versions: [], usages: [], token };
  return {
    subject: await findSubject(db, name),
    versions: await listHeads(db, name),
    usages: await listUsages(db, [name]),
    token,
  };
}
