import type { Kysely, Transaction } from 'kysely';
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
