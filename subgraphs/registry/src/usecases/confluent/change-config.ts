import {
  type ConfigChange,
  type ConfluentConfig,
  changeConfig,
} from '../../domain/confluent/confluent-config.ts';
import { levelNotConfigured, subjectNotFound } from '../../domain/confluent/confluent-error.ts';
import { assertWritable } from '../../domain/confluent/confluent-mode.ts';
import { splitSubject } from '../../domain/confluent/qualified-subject.ts';
import { putConfig } from '../../store/confluent-settings.ts';
import type { RegistryDeps } from '../registry-deps.ts';
import { updateSettings } from '../update-settings.ts';
import { findScope, globalScope, type Scope } from './scope.ts';

/** The config of a scope: what was set for it, or what holds there. Throws 40408 where a subject has none of its own. */
export async function getConfig(
  { database }: RegistryDeps,
  scope: string,
  { inherited }: { readonly inherited: boolean },
): Promise<ConfluentConfig> {
  const { ownConfig, config } = await findScope(database.kysely, scope);
  if (inherited || scope === globalScope) return config;
  if (Object.keys(ownConfig).length === 0) throw levelNotConfigured(scope);
  return ownConfig;
}

/** Changes the config of a scope. Throws 42205 where it may only be read. */
export async function updateConfig(
  deps: RegistryDeps,
  scope: string,
  change: ConfigChange,
  by: string,
): Promise<void> {
  const found = await findScope(deps.database.kysely, scope);
  assertWritable(scope, found.mode);
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
  const isSubject = splitSubject(scope).subject !== '';
  await putConfig(deps.database.kysely, scope, isSubject ? rest : config);
  if (!isSubject) return;
  const { subject } = await findScope(deps.database.kysely, scope);
  if (subject === undefined && compatibilityLevel === undefined) return;
  const policy = config.compatibilityPolicy;
  await updateSettings(
    deps,
    scope,
    { ownLevel: compatibilityLevel ?? null, ...(policy !== undefined && { policy }) },
    { by, via: 'confluent' },
  );
}

function isSet({ ownConfig }: Scope): boolean {
  return Object.keys(ownConfig).length > 0;
}
