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
      try {
        return leafShape.parse(await http.get(`/internal/leaves/next?${query}`));
      } catch (error) {
        if (error instanceof Problem && error.code === 'LEAF_NOT_FOUND') return null;
        throw error;
      }
    },
  };
}
