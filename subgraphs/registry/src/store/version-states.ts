import { type Kysely, sql, type Transaction } from 'kysely';
import type { Deprecation, Rollback } from '../domain/subject-version.ts';
import type { RegistryTables } from './registry-tables.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** Takes versions out of what is offered; why, where a rollback does it. Their ids can still be read. */
export async function markDeleted(
  db: Db,
  subject: string,
  versions: readonly number[],
  rollback: Omit<Rollback, 'at'> | null,
): Promise<void> {
  const [by, reason, approver] = [rollback?.by ?? null, rollback?.reason ?? null, rollback?.approver ?? null];
  await sql`
    insert into version_state (subject, version, deleted_at, rolled_back_at, rolled_back_by, rollback_reason, rollback_approver)
    select ${subject}, version, now(), case when ${rollback !== null}::boolean then now() end, ${by}, ${reason}, ${approver}
    from unnest(${versions}::int[]) as asked (version) order by version
    on conflict (subject, version) do update set
      deleted_at = excluded.deleted_at,
      rolled_back_at = excluded.rolled_back_at,
      rolled_back_by = excluded.rolled_back_by,
      rollback_reason = excluded.rollback_reason,
      rollback_approver = excluded.rollback_approver`.execute(db);
}

/** Says that a version should no longer be used, or takes that back. */
export async function putDeprecation(
  db: Db,
  subject: string,
  version: number,
  deprecation: Omit<Deprecation, 'at'> | null,
): Promise<void> {
  const [sunset, note] = [deprecation?.sunset ?? null, deprecation?.note ?? null];
  await sql`
    insert into version_state (subject, version, deprecated_at, sunset, deprecation_note)
    values (${subject}, ${version}, case when ${deprecation !== null}::boolean then now() end, ${sunset}::timestamptz, ${note})
    on conflict (subject, version) do update set
      deprecated_at = excluded.deprecated_at,
      sunset = excluded.sunset,
      deprecation_note = excluded.deprecation_note`.execute(db);
}

/** Removes versions for good, and with them who used them. Only inside a transaction. */
export async function removeVersions(
  trx: Transaction<RegistryTables>,
  subject: string,
  versions: readonly number[],
): Promise<void> {
  await sql`set local registry.removal = 'permanent'`.execute(trx);
  await trx
    .deleteFrom('subject_version')
    .where('subject', '=', subject)
    .where('version', 'in', versions)
    .execute();
  await sql`set local registry.removal = ''`.execute(trx);
}
