import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { type Usage, type UsageRole, usageRoles } from '../domain/usage.ts';
import type { RegistryTables } from './registry-tables.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

const columns = ['subject', 'role', 'name', 'version', 'contact', 'registered_by', 'registered_at'] as const;

/** Who uses the subject, producers after consumers, each by name. */
export async function listUsages(db: Db, subjects: readonly string[]): Promise<readonly Usage[]> {
  if (subjects.length === 0) return [];
  const rows = await db
    .selectFrom('subject_usage')
    .select(columns)
    .where('subject', 'in', subjects)
    .orderBy('subject')
    .orderBy('role')
    .orderBy('name')
    .execute();
  return rows.map(toUsage);
}

/** Stores who uses which version from now on. */
export async function putUsage(db: Db, usage: Omit<Usage, 'registeredAt'>): Promise<Usage> {
  const values = {
    version: usage.version,
    contact: usage.contact,
    registered_by: usage.registeredBy,
  };
  const row = await db
    .insertInto('subject_usage')
    .values({ subject: usage.subject, role: usage.role, name: usage.name, ...values })
    .onConflict((conflict) =>
      conflict
        .columns(['subject', 'role', 'name'])
        .doUpdateSet({ ...values, registered_at: sql<Date>`now()` }),
    )
    .returning(columns)
    .executeTakeFirstOrThrow();
  return toUsage(row);
}

/** Forgets a usage; false if there was none. */
export async function deleteUsage(db: Db, subject: string, role: UsageRole, name: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('subject_usage')
    .where('subject', '=', subject)
    .where('role', '=', role)
    .where('name', '=', name)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

function toUsage(row: Selectable<RegistryTables['subject_usage']>): Usage {
  return {
    subject: row.subject,
    role: z.enum(usageRoles).parse(row.role),
    name: row.name,
    version: row.version,
    contact: row.contact,
    registeredBy: row.registered_by,
    registeredAt: row.registered_at,
  };
}
