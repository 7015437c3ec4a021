import { requireRole } from '@spine/platform/auth/authorise';
import { parseBody } from '@spine/platform/http/parse-body';
import { principalOf } from '@spine/platform/http/request-principal';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formatSemver } from '../../domain/semver.ts';
import type { Usage, UsageRole } from '../../domain/usage.ts';
import { deploymentOf } from '../../usecases/deployment-of.ts';
import { getVersion } from '../../usecases/get-version.ts';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import { listUsages, registerUsage, removeUsage } from '../../usecases/usages.ts';
import { plainText } from '../schema-input.ts';
import { parseInput } from './parse-input.ts';
import { subjectOf, versionOf } from './path-params.ts';

const nameParams = z.object({ name: plainText.min(1).max(255) });
const usageShape = z.strictObject({
  version: z.union([z.string(), z.int().positive()]).transform(String),
  contact: plainText.min(1).optional(),
});

/** Who writes and who reads a subject's data (R7). Whoever publishes may register; everyone may ask. */
export function addUsageRoutes(app: FastifyInstance, deps: RegistryDeps): void {
  for (const [members, role] of [
    ['producers', 'PRODUCER'],
    ['consumers', 'CONSUMER'],
  ] as const) {
    app.get(`/schemas/:subject/${members}`, async (request) => {
      const usages = await listUsages(deps, subjectOf(request));
      return { [members]: usages.filter((usage) => usage.role === role).map(toUsageDocument) };
    });

    app.put(`/schemas/:subject/${members}/:name`, async (request) => {
      requireRole(principalOf(request), 'publisher', 'service');
      const input = parseInput(usageShape, request.body);
      const by = principalOf(request).id;
      return toUsageDocument(await registerUsage(deps, { ...keyOf(request, role), ...input, by }));
    });

    app.delete(`/schemas/:subject/${members}/:name`, async (request, reply) => {
      requireRole(principalOf(request), 'publisher', 'service');
      await removeUsage(deps, keyOf(request, role));
      return await reply.code(204).send();
    });
  }

  app.get('/schemas/:subject/versions/:version/deployment', async (request) => {
    const { subject, version: name } = versionOf(request);
    const version = await getVersion(deps, subject, name);
    return {
      subject,
      version: version.version,
      semver: formatSemver(version.semver),
      ...(await deploymentOf(deps, version)),
    };
  });
}

function keyOf(request: FastifyRequest, role: UsageRole) {
  return { subject: subjectOf(request), role, ...parseBody(nameParams, request.params) };
}

function toUsageDocument(usage: Usage) {
  const { role, name, version, contact, registeredBy } = usage;
  return { role, name, version, contact, registeredAt: usage.registeredAt.toISOString(), registeredBy };
}
