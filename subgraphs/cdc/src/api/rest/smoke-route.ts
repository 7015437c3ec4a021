import { requireRole } from '@spine/platform/auth/authorise';
import { parseBody } from '@spine/platform/http/parse-body';
import { principalOf } from '@spine/platform/http/request-principal';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type SmokeDeps, smokeRoute } from '../../usecases/smoke-route.ts';

const paramsShape = z.object({ route: z.string() });
const bodyShape = z.strictObject({ table: z.string().max(300).optional() });

/** `POST /internal/routes/:route/smoke`: one row from source to sink, with its decision (docs/internal-contracts.md). */
export function addSmoke(app: FastifyInstance, deps: SmokeDeps): void {
  app.post('/internal/routes/:route/smoke', async (request, reply) => {
    requireRole(principalOf(request), 'operator');
    const { route } = parseBody(paramsShape, request.params);
    const { table = null } = parseBody(bodyShape, request.body ?? {});
    const left = new AbortController();
    reply.raw.once('close', () => left.abort());
    return await smokeRoute(deps, route, table, left.signal);
  });
}
