import { Problem } from '@spine/kernel/problem';
import {
  type ConfigChange,
  type ConfluentConfig,
  changeConfig,
} from '../../domain/confluent/confluent-config.ts';
import { levelNotConfigured, subjectNotFound } from '../../domain/confluent/confluent-error.ts';
import { assertWritable } from '../../domain/confluent/confluent-mode.ts';
import { splitSubject } from '../../domain/confluent/qualified-subject.ts';
import { putConfig } from '../../store/confluent-settings.ts';
import { listPositions } from '../../store/confluent-versions.ts';
import type { RegistryDeps } from '../registry-deps.ts';
import { globalScope } from '../scope-terms.ts';
import { updateSettings } from '../update-settings.ts';
import { findScope, type Scope } from './scope.ts';

/** The config of a scope: what was set for it, or what holds there. Throws 40408 where a subject has none of its own. */
export async function getConfig(
  { database }: RegistryDeps,
  scope: string,
  { inherited }: { readonly inherited: boolean },
): Promise<ConfluentConfig> {
  const { ownConfig, config, hasOurLevel } = await findScope(database.kysely, scope);
  if (inherited || scope === globalScope) return config;
  // Whoever hears that nothing is set takes what holds for everything, which here is not the level in force.
  if (hasOurLevel) return { compatibilityLevel: config.compatibilityLevel, ...ownConfig };
  if (Object.keys(ownConfig).length === 0) throw levelNotConfigured(scope);
  return ownConfig;
}

/**
 * Changes the config of a scope. Who is no steward may give a subject its first level, as on our own paths: before its first
 * version or, as some clients do, right after they published that; and may say again what holds anyway. Throws FORBIDDEN;
 * 42205 where the scope may only be read.
 */
export async function updateConfig(
  deps: RegistryDeps,
  scope: string,
  change: ConfigChange,
  { by, isSteward }: { readonly by: string; readonly isSteward: boolean },
): Promise<void> {
  const found = await findScope(deps.database.kysely, scope);
  assertWritable(scope, found.mode);
  if (!isSteward) {
    if (saysWhatHolds(change, found)) return;
    if (!isOnlyLevel(change) || !(await mayGiveFirstLevel(deps, scope, found, by))) throw needsSteward(scope);
  }
  await store(deps, scope, changeConfig(found.ownConfig, change), by);
}

/** Takes the config of a scope back and answers with what it was. Throws 40401 where a subject has none of its own. */
export async function deleteConfig(deps: RegistryDeps, scope: string, by: string): Promise<ConfluentConfig> {
  const found = await findScope(deps.database.kysely, scope);
  assertWritable(scope, found.mode);
  if (!isSet(found) && scope !== globalScope) throw subjectNotFound(scope);
  await store(deps, scope, {}, by);
  return scope === globalScope ? found.config : found.ownConfig;
}

/** A subject holds its level and its policy itself, where our own paths see them too. */
async function store(deps: RegistryDeps, scope: string, config: ConfluentConfig, by: string): Promise<void> {
  const { compatibilityLevel, ...rest } = config;
  await putConfig(deps.database.kysely, scope, isSubject(scope) ? rest : config);
  if (!isSubject(scope)) return;
  const { subject } = await findScope(deps.database.kysely, scope);
  if (subject === undefined && compatibilityLevel === undefined) return;
  const { compatibilityPolicy: policy = 'STRICT' } = config;
  const settings = { ownLevel: compatibilityLevel ?? null, policy };
  await updateSettings(deps, scope, settings, { by, via: 'confluent' });
}

function isSet({ ownConfig }: Scope): boolean {
  return Object.keys(ownConfig).length > 0;
}

function isOnlyLevel(change: ConfigChange): boolean {
  return Object.keys(change).every((key) => key === 'compatibilityLevel');
}

function saysWhatHolds(change: ConfigChange, { config }: Scope): boolean {
  return isOnlyLevel(change) && change.compatibilityLevel === config.compatibilityLevel;
}

/** Whether a scope is a subject without a level, with no version yet or with the first one of who asks. */
async function mayGiveFirstLevel(
  { database }: RegistryDeps,
  scope: string,
  { ownConfig, subject }: Scope,
  by: string,
): Promise<boolean> {
  if (!isSubject(scope) || ownConfig.compatibilityLevel !== undefined) return false;
  if (subject?.registeredVia === 'spine') return false;
  const { length } = await listPositions(database.kysely, scope);
  return length === 0 || (length === 1 && subject?.owner === by);
}

function isSubject(scope: string): boolean {
  return splitSubject(scope).subject !== '';
}

function needsSteward(scope: string): Problem {
  return new Problem('FORBIDDEN', `only a steward may change the config of ${scope}`, {
    fix: 'Ask with a token that holds the role steward.',
  });
}
