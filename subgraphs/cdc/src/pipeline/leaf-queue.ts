import { Problem } from '@spine/kernel/problem';
import type { Clock } from '@spine/platform/clock';
import { activeSpan, withSpan } from '@spine/platform/tracing/active-span';
import { noSpan, type Span } from '@spine/platform/tracing/span';
import type { GovernanceClient, LeafResult } from '../clients/governance.ts';
import type { Leaf } from '../domain/leaf.ts';

export interface LeafQueue {
  /** Resolves when the leaf is durable in the ledger (`recorded`) or the matrix has moved on (`stale`). Waits while there is no answer. */
  append(leaf: Leaf, signal: AbortSignal, onHold: (reason: string) => void): Promise<'recorded' | 'stale'>;
}

interface Waiting {
  readonly leaf: Leaf;
  /** What waits for it. */
  readonly span: Span;
  readonly resolve: (result: LeafResult) => void;
  readonly reject: (error: unknown) => void;
}

/** Appends leaves of all routes of a worker together: what arrives while a call is under way goes with the next. */
export function createLeafQueue(deps: {
  readonly governance: GovernanceClient;
  readonly clock: Clock;
  readonly retryMs: number;
}): LeafQueue {
  const { governance, clock } = deps;
  const waiting: Waiting[] = [];
  let sending = false;

  async function send(): Promise<void> {
    sending = true;
    while (waiting.length > 0) {
      const group = waiting.splice(0, 200);
      try {
        // A call for several is part of the first one's trace; of this loop's, which began long ago, it is not.
        const results = await withSpan(group[0]?.span ?? noSpan, () =>
          governance.appendLeaves(group.map((entry) => entry.leaf)),
        );
        group.forEach((entry, index) => {
          const result = results[index];
          if (result?.batchId === entry.leaf.batchId) entry.resolve(result);
          else entry.reject(new Error('the ledger answered for another batch'));
        });
      } catch (error) {
        for (const entry of group) entry.reject(error);
      }
    }
    sending = false;
  }

  function appendOnce(leaf: Leaf): Promise<LeafResult> {
    return new Promise((resolve, reject) => {
      waiting.push({ leaf, span: activeSpan(), resolve, reject });
      if (!sending) void send();
    });
  }

  return {
    async append(leaf, signal, onHold) {
      for (;;) {
        signal.throwIfAborted();
        try {
          const { status } = await appendOnce(leaf);
          return status === 'stale_matrix' ? 'stale' : 'recorded';
        } catch (error) {
          if (!(error instanceof Problem) || !noAnswer.has(error.code)) throw error;
          onHold(`the ledger does not answer: ${error.message}`);
          await clock.sleep(deps.retryMs, signal);
        }
      }
    },
  };
}

const noAnswer: ReadonlySet<string> = new Set(['SERVICE_UNAVAILABLE', 'TIMEOUT']);
