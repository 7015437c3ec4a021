import { requireRole } from '@spine/platform/auth/authorise';
import { parseBody } from '@spine/platform/http/parse-body';
import { principalOf } from '@spine/platform/http/request-principal';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { formatSemver } from '../../domain/semver.ts';
import { parseSubjectName } from '../../domain/subject-name.ts';
import { bindContract, tagsBySource } from '../../usecases/bind-contract.ts';
import type { RegistryDeps } from '../../usecases/registry-deps.ts';
import { refusalProblem } from '../refusal.ts';
import { plainText, tagsShape } from '../schema-input.ts';

const contractShape = z.object({
  subject: z.string(),
  dataset: z.object({ namespace: plainText.min(1), name: plainText.min(1) }),
  schema: z.string(),
  owner: plainText.min(1),
  route: plainText.min(1),
  tags: tagsShape,
  dataClass: plainText,
});

/** The call by which a route binds a table to its contract (docs/internal-contracts.md). */
export function addContractRoute(app: FastifyInstance, deps: RegistryDeps): void {
  app.post('/internal/contracts', async (request) => {
    requireRole(principalOf(request), 'service');
    const contract = parseBody(contractShape, request.body);
    const subject = parseSubjectName(contract.subject);
    const outcome = await bindContract(deps, contract, principalOf(request).id);
    switch (outcome.kind) {
      case 'published':
      case 'known': {
        const { version, schemaId, semver, fingerprint, tags } = outcome.version;
        const { fields } = deps.schemas.parse({ type: 'AVRO', text: contract.schema });
        return {
          subject,
          version,
          schemaId,
          semver: formatSemver(semver),
          fingerprint,
          tags: tagsBySource(fields, tags),
        };
      }
      default:
        throw refusalProblem(subject, outcome);
    }
  });
}
