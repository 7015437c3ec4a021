import { type Kysely, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { changeKinds, type SchemaChange } from '../domain/changelog/schema-change.ts';
import { directions } from '../domain/check-report.ts';
import { partKinds } from '../domain/outline/schema-part.ts';
import type { SubjectVersion } from '../domain/subject-version.ts';
import type { RegistryTables } from './registry-tables.ts';
import { selectVersions, toVersion } from './version-rows.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** A version with the changes since the one that it followed; null where none was followed, or changes were not yet kept. */
export interface LoggedVersion {
  readonly version: SubjectVersion;
  readonly diff: readonly SchemaChange[] | null;
}

/** Up to `limit` versions of a subject with their changes, newest first, before the position `before`, whatever became of them. */
export async function listLoggedVersions(
  db: Db,
  subject: string,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<readonly LoggedVersion[]> {
  const rows = await selectVersions(db)
    .select('v.diff')
    .where('v.subject', '=', subject)
    .$if(before !== undefined, (query) => query.where('v.version', '<', before ?? 0))
    .orderBy('v.version', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ version: toVersion(row), diff: diffShape.parse(row.diff) }));
}

/** The newest `limit` versions of each subject with their changes, newest first, whatever became of them. */
export async function newestLoggedVersions(
  db: Db,
  subjects: readonly string[],
  limit: number,
): Promise<readonly LoggedVersion[]> {
  const rows = await selectVersions(db)
    .select('v.diff')
    .where(
      sql<boolean>`(v.subject, v.version) in (
        select newest.subject, newest.version
        from unnest(${subjects}::text[]) as asked (name)
        cross join lateral (
          select n.subject, n.version from subject_version n
          where n.subject = asked.name order by n.version desc limit ${limit}
        ) newest)`,
    )
    .orderBy('v.subject')
    .orderBy('v.version', 'desc')
    .execute();
  return rows.map((row) => ({ version: toVersion(row), diff: diffShape.parse(row.diff) }));
}

/** What each of these versions changed, in their order; null where nothing was kept, and for a version that there is not. */
export async function listChangesByKey(
  db: Db,
  keys: readonly { readonly subject: string; readonly version: number }[],
): Promise<readonly (readonly SchemaChange[] | null)[]> {
  const subjects = keys.map((key) => key.subject);
  const positions = keys.map((key) => key.version);
  const { rows } = await sql<{ diff: unknown }>`
    select v.diff from unnest(${subjects}::text[], ${positions}::int[]) with ordinality as asked (subject, version, place)
    left join subject_version v on v.subject = asked.subject and v.version = asked.version
    order by asked.place`.execute(db);
  return rows.map((row) => diffShape.parse(row.diff));
}

const breachShape = z.object({
  direction: z.enum(directions),
  kind: z.string(),
  path: z.string(),
  message: z.string(),
});
const diffShape = z
  .array(
    z.object({
      kind: z.enum(changeKinds),
      part: z.enum(partKinds),
      name: z.string(),
      path: z.string().exactOptional(),
      oldPath: z.string().exactOptional(),
      before: z.unknown().optional(),
      after: z.unknown().optional(),
      breaks: z.array(z.enum(directions)),
      breaches: z.array(breachShape),
    }),
  )
  .nullable();
