import type { Kysely, Transaction } from 'kysely';
import type { CompatibilityLevel } from '../domain/compatibility-level.ts';
import { inheritedLevel, type RegisteredVia, type Subject } from '../domain/subject.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { findScope } from './confluent/scope.ts';

/**
 * The level that holds for a subject: its own or, where it has none, what its door gives it. A subject that a Kafka client
 * published first inherits from its context and from what is set for everything, as such a client expects.
 */
export async function effectiveLevel(
  db: Kysely<RegistryTables> | Transaction<RegistryTables>,
  subject: Subject | undefined,
  via: RegisteredVia = 'spine',
): Promise<CompatibilityLevel> {
  if (subject === undefined) return inheritedLevel(via);
  if (subject.ownLevel !== null || subject.registeredVia === 'spine') return subject.level;
  return (await findScope(db, subject.name)).config.compatibilityLevel;
}
