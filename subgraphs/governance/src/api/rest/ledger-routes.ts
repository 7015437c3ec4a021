import { Problem } from '@spine/kernel/problem';
import { requireRole } from '@spine/platform/auth/authorise';
import { parseBody } from '@spine/platform/http/parse-body';
import { principalOf } from '@spine/platform/http/request-principal';
import type { FastifyInstance } from 'fastify';
import { findLeafAfter, findLeafOver } from '../../store/ledger.ts';
import { appendLeaves } from '../../usecases/append-leaves.ts';
import type { GovernanceDeps } from '../../usecases/governance-deps.ts';
import { verifyLedger } from '../../usecases/verify-ledger.ts';
import type { GovernanceMetrics } from './governance-metrics.ts';
import { leafOverShape, leavesShape, nextLeafShape } from './leaf-shape.ts';

/** The ledger's calls (docs/internal-contracts.md): append, the leaf that follows a checkpoint, verify. */
export function addLedgerRoutes(
  app: FastifyInstance,
  deps: GovernanceDeps,
  metrics: GovernanceMetrics,
): void {
  app.post('/internal/leaves', { bodyLimit: 16 * 1024 * 1024 }, async (request) => {
    requireRole(principalOf(request), 'service');
    const { leaves } = parseBody(leavesShape, request.body);
    const done = metrics.appendSeconds.startTimer();
    const { results, verdicts } = await appendLeaves(deps, leaves);
    done();
    for (const { status } of results) metrics.leaves.inc({ status });
    for (const verdict of verdicts) metrics.decisions.inc({ verdict });
    return { results: results.map((result) => ({ ...result, seq: jsonSeq(result.seq) })) };
  });

  app.get('/internal/leaves/next', async (request) => {
    requireRole(principalOf(request), 'service');
    const asked = parseBody(nextLeafShape, request.query);
    const found = await findLeafAfter(deps.database.kysely, asked);
    if (found === undefined) {
      throw new Problem('LEAF_NOT_FOUND', `no final leaf of ${asked.route} starts at ${asked.after}`);
    }
    const leaf: unknown = JSON.parse(found.body);
    return { ...Object(leaf), seq: jsonSeq(found.seq), hash: found.hash };
  });

  app.get('/internal/leaves/over', async (request) => {
    requireRole(principalOf(request), 'service');
    const asked = parseBody(leafOverShape, request.query);
    const found = await findLeafOver(deps.database.kysely, asked);
    if (found === undefined) {
      throw new Problem(
        'LEAF_NOT_FOUND',
        `no final leaf of ${asked.route} starts at ${asked.position} or before`,
      );
    }
    const leaf: unknown = JSON.parse(found.body);
    return { ...Object(leaf), seq: jsonSeq(found.seq), hash: found.hash };
  });

  app.get('/internal/ledger/verify', async (request) => {
    requireRole(principalOf(request), 'service', 'compliance', 'security', 'operator', 'viewer');
    return await verifyLedger(deps.database.kysely);
  });
}

/** A ledger grows by far less than 2^53 entries. */
function jsonSeq(seq: bigint | undefined): number | undefined {
  return seq === undefined ? undefined : Number(seq);
}
