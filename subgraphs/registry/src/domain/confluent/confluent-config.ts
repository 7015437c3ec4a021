import type { Policy } from '../check-rules.ts';
import type { CompatibilityLevel } from '../compatibility-level.ts';
import type { JsonObject } from '../schema-source.ts';

/** What was set for a scope: everything, a context or a subject. What is absent is inherited. */
export interface ConfluentConfig {
  readonly compatibilityLevel?: CompatibilityLevel;
  readonly alias?: string;
  readonly normalize?: boolean;
  readonly validateFields?: boolean;
  readonly validateNewSchemas?: boolean;
  readonly validateRules?: boolean;
  readonly compatibilityPolicy?: Policy;
  /** A metadata property: only versions that agree in it are compared. */
  readonly compatibilityGroup?: string;
  readonly defaultMetadata?: JsonObject;
  readonly overrideMetadata?: JsonObject;
  readonly defaultRuleSet?: JsonObject;
  readonly overrideRuleSet?: JsonObject;
}

/** A change to a config: what is absent stays, what is null goes. */
export type ConfigChange = { readonly [Key in keyof ConfluentConfig]: ConfluentConfig[Key] | null };

/** The config after a change. */
export function changeConfig(before: ConfluentConfig, change: ConfigChange): ConfluentConfig {
  return withoutNull({ ...before, ...change });
}

/** What holds in a scope, the narrowest word first; `otherwise` where nobody said a level. An alias is no one's to inherit. */
export function configInScope(
  subject: ConfluentConfig,
  context: ConfluentConfig,
  global: ConfluentConfig,
  otherwise: CompatibilityLevel,
): ConfluentConfig & { readonly compatibilityLevel: CompatibilityLevel } {
  const { alias: _ofContext, ...fromContext } = context;
  const { alias: _ofAll, ...fromAll } = global;
  return { compatibilityLevel: otherwise, ...fromAll, ...fromContext, ...subject };
}

/** Every key of the object that stays, which its type says may be all of them. */
function withoutNull(change: ConfigChange): ConfluentConfig {
  const kept = Object.entries(change).filter(([, value]) => value !== null && value !== undefined);
  // Filtered just now: what is left has the types of a config.
  return Object.fromEntries(kept) as ConfluentConfig;
}
