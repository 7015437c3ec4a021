import { Problem } from '@spine/kernel/problem';
import { requireRole } from '@spine/platform/auth/authorise';
import { principalOf } from '@spine/platform/http/request-principal';
import type { FastifyInstance } from 'fastify';
import type { GovernanceDeps } from '../../usecases/governance-deps.ts';
import { planPolicy, putPolicy } from '../../usecases/put-policy.ts';

/** How long a worker may go on under a bundle without asking again. */
const bundleMaxAgeMs = 30_000;

/** The matrix's calls (docs/internal-contracts.md): apply, plan, and the bundle that workers decide by. */
export function addPolicyRoutes(app: FastifyInstance, deps: GovernanceDeps): void {
  const limits = { bodyLimit: 16 * 1024 * 1024 };

  app.put('/internal/policy', limits, async (request) => {
    requireRole(principalOf(request), 'operator', 'security', 'service');
    return await putPolicy(deps, principalOf(request).id, request.body);
  });

  app.post('/internal/policy/plan', limits, async (request) => {
    requireRole(principalOf(request), 'operator', 'security', 'viewer', 'service');
    return await planPolicy(deps, request.body);
  });

  app.get('/internal/bundle', async (request, reply) => {
    requireRole(principalOf(request), 'service', 'security', 'operator');
    const active = await deps.matrices.active(deps.database.kysely);
    if (active === null) {
      throw new Problem('NOT_FOUND', 'no matrix version is active', {
        fix: 'Apply a spine.yaml; a draft takes effect once Security has signed it.',
      });
    }
    const { version, digest, policy } = active;
    const etag = `"${version}-${digest}"`;
    reply.header('etag', etag).header('cache-control', 'no-cache');
    if (namesTag(request.headers['if-none-match'], etag)) return await reply.code(304).send();
    return {
      version,
      digest,
      issuedAt: deps.clock.now().toISOString(),
      maxAgeMs: bundleMaxAgeMs,
      document: policy.document,
    };
  });
}

/** If-None-Match (RFC 9110, 13.1.2): a list of tags, compared weakly. */
function namesTag(header: string | undefined, etag: string): boolean {
  return (
    header
      ?.split(',')
      .map((tag) => tag.trim().replace(/^W\//, ''))
      .includes(etag) ?? false
  );
}
