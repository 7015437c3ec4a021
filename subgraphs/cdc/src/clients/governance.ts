import { Problem } from '@spine/kernel/problem';
import type { ServiceClient } from '@spine/platform/http/service-client';
import { z } from 'zod';
import type { Leaf } from '../domain/leaf.ts';

/** A matrix version as governance hands it out; `document` is compiled by the kernel. */
export interface PolicyBundle {
  readonly version: number;
  readonly digest: string;
  readonly issuedAt: string;
  readonly maxAgeMs: number;
  readonly document: unknown;
}

export interface LeafResult {
  readonly batchId: string;
  readonly status: 'appended' | 'exists' | 'stale_matrix';
}

/** What the pipeline asks of governance. Every call throws Problem SERVICE_UNAVAILABLE or TIMEOUT when there is no answer. */
export interface GovernanceClient {
  /** The active bundle. Throws NOT_FOUND while no matrix is active. */
  bundle(): Promise<PolicyBundle>;
  appendLeaves(leaves: readonly Leaf[]): Promise<readonly LeafResult[]>;
  /** The leaf that starts where the checkpoint stands: a batch that was decided and perhaps not delivered. */
  nextLeaf(route: string, sink: string, after: string): Promise<PendingLeaf | null>;
  /** The last batch leaf that starts at a position or before it; null while there is none. */
  leafOver(route: string, sink: string, position: string): Promise<FoundLeaf | null>;
}

/** A leaf as a smoke test reads it: where it is in the ledger, and what it decided. */
export interface FoundLeaf extends PendingLeaf {
  readonly seq: number;
  readonly start: string;
  readonly matrixVersion: number;
  readonly decisions: readonly {
    readonly logicalName: string;
    readonly verdict: 'allow' | 'allow_with_obligations' | 'deny';
    readonly reason: string;
    readonly ruleIds: readonly string[];
    readonly rows: number;
    readonly rowsWithheld: number;
  }[];
}

/** What forming a decided batch again needs of its leaf. */
export interface PendingLeaf {
  readonly batchId: string;
  readonly end: string;
  readonly matrixDigest: string;
}

const bundleShape = z.object({
  version: z.number(),
  digest: z.string(),
  issuedAt: z.string(),
  maxAgeMs: z.number(),
  document: z.unknown(),
});
const resultsShape = z.object({
  results: z.array(z.object({ batchId: z.string(), status: z.enum(['appended', 'exists', 'stale_matrix']) })),
});
const leafShape = z.object({ batchId: z.string(), end: z.string(), matrixDigest: z.string() });

const foundShape = leafShape.extend({
  seq: z.number(),
  start: z.string(),
  matrixVersion: z.number(),
  decisions: z.array(
    z.object({
      logicalName: z.string(),
      verdict: z.enum(['allow', 'allow_with_obligations', 'deny']),
      reason: z.string(),
      ruleIds: z.array(z.string()),
      rows: z.number(),
      rowsWithheld: z.number(),
    }),
  ),
});

/** Governance over its REST calls (docs/internal-contracts.md). */
export function createGovernanceClient(http: ServiceClient): GovernanceClient {
  return {
    async bundle() {
      return bundleShape.parse(await http.get('/internal/bundle'));
    },
    async appendLeaves(leaves) {
      return resultsShape.parse(await http.post('/internal/leaves', { leaves })).results;
    },
    async nextLeaf(route, sink, after) {
      const query = new URLSearchParams({ route, sink, after });
      const found = await orNull(http.get(`/internal/leaves/next?${query}`));
      return found === null ? null : leafShape.parse(found);
    },
    async leafOver(route, sink, position) {
      const query = new URLSearchParams({ route, sink, position });
      const found = await orNull(http.get(`/internal/leaves/over?${query}`));
      return found === null ? null : foundShape.parse(found);
    },
  };
}

function orNull(answer: Promise<unknown>): Promise<unknown> {
  return answer.catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'LEAF_NOT_FOUND') return null;
    throw error;
  });
}
