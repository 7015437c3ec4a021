import type { Kysely, Transaction } from 'kysely';
import { type ConfluentConfig, configInScope } from '../../domain/confluent/confluent-config.ts';
import { type Mode, modeInScope } from '../../domain/confluent/confluent-mode.ts';
import { contextScope, qualifySubject, splitSubject } from '../../domain/confluent/qualified-subject.ts';
import { inheritedLevel, type Subject } from '../../domain/subject.ts';
import { findSettings } from '../../store/confluent-settings.ts';
import type { RegistryTables } from '../../store/registry-tables.ts';
import { findSubject } from '../../store/subjects.ts';
import { globalScope } from '../scope-terms.ts';

type Db = Kysely<RegistryTables> | Transaction<RegistryTables>;

/** What holds for a subject, a context or everything, and what of that was set for it by itself. */
export interface Scope {
  readonly ownConfig: ConfluentConfig;
  readonly config: ReturnType<typeof configInScope>;
  /** Whether nobody set a level anywhere, and the subject has that of our own door: another one than Kafka clients expect. */
  readonly hasOurLevel: boolean;
  readonly ownMode: Mode | undefined;
  readonly mode: Mode;
  /** The subject, where it was ever published. */
  readonly subject: Subject | undefined;
}

/** Reads the settings of a scope: a subject's qualified name, `:.lab:` for a context, or the global one. */
export async function findScope(db: Db, scope: string): Promise<Scope> {
  const around = contextScope(scope);
  const settings = await findSettings(db, [...new Set([globalScope, around, scope])]);
  const isSubject = scope !== globalScope && scope !== around;
  const subject = isSubject ? await findSubject(db, scope) : undefined;
  const at = (name: string) => settings.get(name) ?? { config: {}, mode: undefined };
  const [global, own] = [at(globalScope), at(scope)];
  // The default context has no settings but the global ones.
  const context = around === globalScope ? { config: {}, mode: undefined } : at(around);
  const ownConfig = subject === undefined ? own.config : withOwnSettings(subject, own.config);
  return {
    ownConfig,
    config: configInScope(
      ownConfig,
      scope === around ? {} : context.config,
      global.config,
      inheritedLevel(subject?.registeredVia ?? 'confluent'),
    ),
    hasOurLevel:
      subject?.registeredVia === 'spine' &&
      [ownConfig, context.config, global.config].every((config) => config.compatibilityLevel === undefined),
    ownMode: own.mode,
    mode: modeInScope({
      global: global.mode,
      context: context.mode,
      subject: isSubject ? own.mode : undefined,
    }),
    subject,
  };
}

/** The subject that is meant by a name which may be an alias. */
export async function findTarget(db: Db, name: string): Promise<string> {
  const alias = (await findSettings(db, [name])).get(name)?.config.alias;
  return alias === undefined || alias === '' ? name : qualifySubject(alias, splitSubject(name).context);
}

/** A published subject holds its level and its policy itself, where our own paths see them too. */
function withOwnSettings(subject: Subject, config: ConfluentConfig): ConfluentConfig {
  const { compatibilityLevel: _level, compatibilityPolicy, ...rest } = config;
  // STRICT is what a subject holds that was told nothing.
  const hasPolicy = compatibilityPolicy !== undefined || subject.policy !== 'STRICT';
  return {
    ...rest,
    ...(subject.ownLevel !== null && { compatibilityLevel: subject.ownLevel }),
    ...(hasPolicy && { compatibilityPolicy: subject.policy }),
  };
}
