import { z } from 'zod';
import { invalidMode } from '../../domain/confluent/confluent-error.ts';
import { findMode } from '../../domain/confluent/confluent-mode.ts';
import { deleteMode, getMode, updateMode } from '../../usecases/confluent/change-mode.ts';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import { readBody } from './body.ts';
import type { Call } from './call.ts';
import { contextScope } from './config-routes.ts';
import type { AddRoute } from './route.ts';

const bodyShape = z.object({ mode: z.string() });

/** The mode of everything, of a context and of a subject. */
export function addModeRoutes(add: AddRoute, deps: RegistryDeps): void {
  const update = async (call: Call, scope: string) => {
    const mode = findMode(readBody(bodyShape, call.body).mode);
    if (mode === undefined) throw invalidMode();
    await updateMode(deps, scope, mode, { force: call.flag('force') });
    return { mode };
  };
  const remove = async (call: Call, scope: string) => ({
    mode: await deleteMode(deps, scope, { recursive: call.flag('recursive') }),
  });
  add('GET', '/mode', async (call) => ({
    mode: await getMode(deps, contextScope(call), { inherited: true }),
  }));
  add('PUT', '/mode', (call) => update(call, contextScope(call)), { role: 'steward' });
  add('DELETE', '/mode', (call) => remove(call, contextScope(call)), { role: 'steward' });
  add('GET', '/mode/:subject', async (call) => ({
    mode: await getMode(deps, call.subject(), { inherited: call.flag('defaultToGlobal') }),
  }));
  add('PUT', '/mode/:subject', (call) => update(call, call.subject()), { role: 'steward' });
  add('DELETE', '/mode/:subject', (call) => remove(call, call.subject()), { role: 'steward' });
}
