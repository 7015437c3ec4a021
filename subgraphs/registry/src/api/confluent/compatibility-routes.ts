import { checkCompatibility } from '../../usecases/confluent/check-compatibility.ts';
import { findTarget } from '../../usecases/confluent/scope.ts';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import { readBody, schemaShape, wholeSchema } from './body.ts';
import type { Call } from './call.ts';
import type { AddRoute } from './route.ts';

/** Whether a schema could follow, without registering it. */
export function addCompatibilityRoutes(add: AddRoute, deps: RegistryDeps): void {
  const check = async (call: Call, against: number | 'latest' | 'all') => {
    const verbose = call.flag('verbose');
    const { isCompatible, messages } = await checkCompatibility(deps, {
      subject: await findTarget(deps.database.kysely, call.subject()),
      handed: wholeSchema(readBody(schemaShape, call.body)),
      against,
      normalize: call.choice('normalize'),
      profile: call.profile(),
      verbose,
    });
    return { is_compatible: isCompatible, ...(verbose && { messages }) };
  };
  add('POST', '/compatibility/subjects/:subject/versions/:version', (call) => check(call, call.version()));
  add('POST', '/compatibility/subjects/:subject/versions', (call) => check(call, 'all'));
}
