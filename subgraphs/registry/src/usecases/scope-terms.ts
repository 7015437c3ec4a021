import { Problem } from '@spine/kernel/problem';
import type { Kysely, Transaction } from 'kysely';
import type { CompatibilityLevel } from '../domain/compatibility-level.ts';
import { isReadOnly, type Mode, modeInScope } from '../domain/confluent/confluent-mode.ts';
import { contextScope } from '../domain/confluent/qualified-subject.ts';
import { inheritedLevel, type Subject } from '../domain/subject.ts';
import { findSettings, type ScopeSettings } from '../store/confluent-settings.ts';
import type { RegistryTables } from '../store/registry-tables.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** The scope of everything. */
export const globalScope = '';

/** What Kafka clients set around a subject, which binds our own doors like theirs. */
export interface ScopeTerms {
  readonly mode: Mode;
  /** Of its context or, where that has none, of everything; undefined where nobody set one. */
  readonly level: CompatibilityLevel | undefined;
}

/** Reads what holds around a subject, in one round trip. */
export async function findScopeTerms(db: Db, subject: string): Promise<ScopeTerms> {
  const scopes = [globalScope, contextScope(subject), subject];
  return termsFrom(await findSettings(db, [...new Set(scopes)]), subject);
}

/** The levels that hold for subjects: their own or, where they have none, what is set around them or what their door gives. */
export async function levelsInForce(
  db: Db,
  subjects: readonly Subject[],
): Promise<readonly CompatibilityLevel[]> {
  const inheriting = subjects.filter(({ ownLevel }) => ownLevel === null);
  const scopes = new Set([globalScope, ...inheriting.map(({ name }) => contextScope(name))]);
  const settings = inheriting.length === 0 ? new Map() : await findSettings(db, [...scopes]);
  return subjects.map((subject) => levelGiven(subject, termsFrom(settings, subject.name)));
}

/** The level of a subject under these terms. One that is not there yet comes by our own door. */
export function levelGiven(
  subject: Pick<Subject, 'ownLevel' | 'registeredVia'> | undefined,
  { level }: Pick<ScopeTerms, 'level'>,
): CompatibilityLevel {
  return subject?.ownLevel ?? level ?? inheritedLevel(subject?.registeredVia ?? 'spine');
}

/** Holds a change of what is there to the mode: a deletion, a rollback, a setting. Throws CONFLICT. */
export async function assertChangeable(db: Db, subject: string): Promise<void> {
  const { mode } = await findScopeTerms(db, subject);
  if (isReadOnly(mode)) throw modeForbids(subject, mode);
}

/** The refusal of a write that the mode does not allow. */
export function modeForbids(subject: string, mode: Mode): Problem {
  return new Problem('CONFLICT', `${subject} is in mode ${mode}: nothing may be ${forbidden(mode)} there`, {
    fix: 'ask a steward to set the mode to READWRITE: of the subject, its context or everything',
    extensions: { mode },
  });
}

function forbidden(mode: Mode): string {
  return isReadOnly(mode) ? 'changed' : 'published without its id of elsewhere';
}

function termsFrom(settings: ReadonlyMap<string, ScopeSettings>, subject: string): ScopeTerms {
  const context = contextScope(subject);
  const [global, own] = [settings.get(globalScope), settings.get(subject)];
  // The default context has no settings but the global ones.
  const around = context === globalScope ? undefined : settings.get(context);
  return {
    mode: modeInScope({ global: global?.mode, context: around?.mode, subject: own?.mode }),
    level: around?.config.compatibilityLevel ?? global?.config.compatibilityLevel,
  };
}
