import { Problem } from '@spine/kernel/problem';
import { requireRole } from '@spine/platform/auth/authorise';
import { NotFound } from '@spine/platform/graphql/shared-types';
import { parseBody } from '@spine/platform/http/parse-body';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { z } from 'zod';
import { acknowledgeOnce, signOnce } from '../../usecases/once.ts';
import type { GovernanceContext } from './governance-context.ts';
import { findMatrixVersion } from './matrix-resolver.ts';
import {
  AcknowledgeViolationInput,
  AcknowledgeViolationResult,
  MatrixNotSignable,
  MatrixSigned,
  SignMatrixInput,
  SignMatrixResult,
  ViolationAcknowledged,
} from './mutation-types.ts';
import { failureOf, userError } from './user-error.ts';
import { findViolationType } from './violation-resolver.ts';

const key = z.string().min(1).max(200);
const acknowledgeShape = z.object({
  idempotencyKey: key,
  id: z.string().min(1).max(200),
  comment: z.string().trim().min(1, 'say what was seen and is being done').max(2_000),
});
const signShape = z.object({ idempotencyKey: key, version: z.number().int().min(1), digest: z.string() });

@Resolver()
export class GovernanceMutations {
  @Mutation(() => AcknowledgeViolationResult, { description: 'Needs the role operator or security.' })
  async acknowledgeViolation(
    @Arg('input', () => AcknowledgeViolationInput) input: AcknowledgeViolationInput,
    @Ctx() context: GovernanceContext,
  ): Promise<typeof AcknowledgeViolationResult> {
    try {
      requireRole(context.principal, 'operator', 'security');
      const asked = parseBody(acknowledgeShape, input);
      const outcome = await acknowledgeOnce(context.governance, context.principal.id, asked);
      const violation = outcome.kind === 'acknowledged' ? await findViolationType(context, asked.id) : null;
      if (violation === null) {
        return userError(new NotFound(), 'NOT_FOUND', `there is no violation ${asked.id}`, ['input', 'id']);
      }
      return Object.assign(new ViolationAcknowledged(), { violation });
    } catch (error) {
      return failureOf(error);
    }
  }

  @Mutation(() => SignMatrixResult, { description: 'Puts a draft in force. Needs the role security.' })
  async signMatrix(
    @Arg('input', () => SignMatrixInput) input: SignMatrixInput,
    @Ctx() context: GovernanceContext,
  ): Promise<typeof SignMatrixResult> {
    try {
      requireRole(context.principal, 'security');
      const asked = parseBody(signShape, input);
      const outcome = await signOnce(context.governance, context.principal.id, asked);
      if (outcome.kind === 'refused') {
        return userError(new MatrixNotSignable(), 'CONFLICT', outcome.message, ['input', 'version']);
      }
      const matrix = outcome.kind === 'signed' ? await findMatrixVersion(context, asked.version) : null;
      if (matrix === null) throw new Problem('NOT_FOUND', `there is no matrix version ${asked.version}`);
      return Object.assign(new MatrixSigned(), { matrix });
    } catch (error) {
      return failureOf(error);
    }
  }
}
