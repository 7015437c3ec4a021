import type { Kysely, Transaction } from 'kysely';
import type { CompatibilityLevel } from '../domain/compatibility-level.ts';
import type { RegisteredVia, Subject } from '../domain/subject.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { findScopeTerms, levelGiven } from './scope-terms.ts';

/**
 * The level that holds for a subject: its own or, where it has none, what is set for its context or for everything or, where
 * nothing is, what its door gives it. A subject that is not there yet begins with the door of who asks.
 */
export async function effectiveLevel(
  db: Kysely<RegistryTables> | Transaction<RegistryTables>,
  subject: Pick<Subject, 'ownLevel' | 'registeredVia'> | undefined,
  { subject: name, via = 'spine' }: { readonly subject: string; readonly via?: RegisteredVia | undefined },
): Promise<CompatibilityLevel> {
  if (subject?.ownLevel != null) return subject.ownLevel;
  return levelGiven(subject ?? { ownLevel: null, registeredVia: via }, await findScopeTerms(db, name));
}
