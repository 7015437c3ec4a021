import { z } from 'zod';
import { type Policy, policies } from '../../domain/check-rules.ts';
import { type CompatibilityLevel, compatibilityLevels } from '../../domain/compatibility-level.ts';
import type { ConfigChange } from '../../domain/confluent/confluent-config.ts';
import { invalidLevel } from '../../domain/confluent/confluent-error.ts';
import { joinSubject } from '../../domain/confluent/qualified-subject.ts';
import { deleteConfig, getConfig, updateConfig } from '../../usecases/confluent/change-config.ts';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import { factsShape, readBody } from './body.ts';
import type { Call } from './call.ts';
import type { AddRoute } from './route.ts';

const bodyShape = z.object({
  compatibility: z.string().nullish(),
  alias: z.string().nullish(),
  normalize: z.boolean().nullish(),
  validateFields: z.boolean().nullish(),
  validateNewSchemas: z.boolean().nullish(),
  validateRules: z.boolean().nullish(),
  compatibilityPolicy: z.string().nullish(),
  compatibilityGroup: z.string().nullish(),
  defaultMetadata: factsShape.nullish(),
  overrideMetadata: factsShape.nullish(),
  defaultRuleSet: factsShape.nullish(),
  overrideRuleSet: factsShape.nullish(),
});

/** The config of everything, of a context and of a subject. It is set as `compatibility` and read as `compatibilityLevel`. */
export function addConfigRoutes(add: AddRoute, deps: RegistryDeps): void {
  const update = async (call: Call, scope: string) => {
    const body = readBody(bodyShape, call.body);
    const change = toChange(body);
    await updateConfig(deps, scope, change, { by: call.by, isSteward: call.isSteward });
    const { compatibilityLevel, ...rest } = change;
    return { ...(compatibilityLevel !== undefined && { compatibility: compatibilityLevel }), ...rest };
  };
  add('GET', '/config', (call) => getConfig(deps, contextScope(call), { inherited: true }));
  add('PUT', '/config', (call) => update(call, contextScope(call)), { role: 'steward' });
  add('DELETE', '/config', (call) => deleteConfig(deps, contextScope(call), call.by), { role: 'steward' });
  add('GET', '/config/:subject', (call) =>
    getConfig(deps, call.subject(), { inherited: call.flag('defaultToGlobal') }),
  );
  add('PUT', '/config/:subject', (call) => update(call, call.subject()), { role: 'publisher' });
  add('DELETE', '/config/:subject', (call) => deleteConfig(deps, call.subject(), call.by), {
    role: 'steward',
  });
}

/** The scope of a path that names no subject: everything, or the context that it lies in. */
export function contextScope(call: Call): string {
  return joinSubject({ context: call.context, subject: '' });
}

function toChange(body: z.output<typeof bodyShape>): ConfigChange {
  const { compatibility, compatibilityPolicy, ...rest } = body;
  const change = {
    ...rest,
    compatibilityLevel: typeof compatibility === 'string' ? parseLevel(compatibility) : compatibility,
    compatibilityPolicy:
      typeof compatibilityPolicy === 'string' ? parsePolicy(compatibilityPolicy) : compatibilityPolicy,
  };
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

function parseLevel(word: string): CompatibilityLevel {
  const level = compatibilityLevels.find((each) => each === word.toUpperCase());
  if (level === undefined) throw invalidLevel();
  return level;
}

function parsePolicy(word: string): Policy {
  const policy = policies.find((each) => each === word.toUpperCase());
  if (policy === undefined) throw invalidLevel();
  return policy;
}
