import { compilePolicy } from '@spine/kernel/residency/compile-policy';
import { diffPolicies, type PolicyChange } from '../domain/diff-policies.ts';
import type { GovernanceDb } from '../store/governance-tables.ts';
import { digestOf, findNewestMatrix, insertMatrix, insertSignature, lockMatrix } from '../store/matrices.ts';
import type { GovernanceDeps } from './governance-deps.ts';

/** What a put did, or a plan would do. */
export interface PolicyAnswer {
  readonly version: number;
  readonly digest: string;
  readonly status: 'active' | 'draft';
  readonly changed: boolean;
  /** Cells whose effect or obligations differ from the matrix in force. */
  readonly diff: readonly PolicyChange[];
}

/**
 * Stores a matrix as a new version unless it is the newest already. It takes effect once Security has signed it; without
 * authentication it is signed as `dev` at once. Throws INPUT_INVALID naming every fault.
 */
export async function putPolicy(deps: GovernanceDeps, by: string, body: unknown): Promise<PolicyAnswer> {
  const { database, devMode, clock } = deps;
  return await database.kysely.transaction().execute(async (trx) => {
    await lockMatrix(trx);
    const { answer, document } = await answerFor(deps, trx, body);
    const at = clock.now();
    if (answer.changed) {
      const { version, digest } = answer;
      await insertMatrix(trx, { version, digest, document, changes: answer.diff, by, at });
    }
    const unsigned = answer.changed || answer.status === 'draft';
    if (!devMode || !unsigned) return answer;
    await insertSignature(trx, { version: answer.version, by: 'dev', role: 'dev', at });
    return { ...answer, status: 'active', changed: true };
  });
}

/** What `putPolicy` would answer; stores nothing. */
export async function planPolicy(deps: GovernanceDeps, body: unknown): Promise<PolicyAnswer> {
  const { answer } = await answerFor(deps, deps.database.kysely, body);
  return answer.changed && deps.devMode ? { ...answer, status: 'active' } : answer;
}

async function answerFor(deps: GovernanceDeps, db: GovernanceDb, body: unknown) {
  const policy = compilePolicy(body);
  const { document } = policy;
  const digest = digestOf(document);
  const newest = await findNewestMatrix(db);
  const active = await deps.matrices.active(db);
  const changed = newest?.digest !== digest;
  const version = (newest?.version ?? 0) + (changed ? 1 : 0);
  const answer: PolicyAnswer = {
    version,
    digest,
    status: !changed && active?.version === version ? 'active' : 'draft',
    changed,
    diff: diffPolicies(active?.policy ?? null, policy, deps.clock.now()),
  };
  return { answer, document };
}
