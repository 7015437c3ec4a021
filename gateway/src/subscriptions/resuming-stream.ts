import { setTimeout as sleep } from 'node:timers/promises';
import { createStreamIterator, streamEnd } from '../links/stream-iterator.ts';
import type { SubgraphResult } from '../links/subgraph-link.ts';
import { SubgraphLost } from '../links/subgraph-lost.ts';

/** How long a broken stream is tried again before its reader is told. */
export interface ResumePolicy {
  readonly firstMs: number;
  readonly mostMs: number;
  /** Since the subscription began, while nothing has come yet. */
  readonly giveUpFirstMs: number;
  /** Since the stream broke. */
  readonly giveUpMs: number;
}

/** A subgraph that is restarted is back in seconds; one that is away for minutes is an error that a client should see. */
export const defaultResumePolicy: ResumePolicy = {
  firstMs: 100,
  mostMs: 5_000,
  giveUpFirstMs: 10_000,
  giveUpMs: 300_000,
};

export interface ResumingStreamOptions {
  /** Who streams: for the error that says it is gone. */
  readonly subgraph: string;
  /** Opens the stream upstream: from its beginning, or after a cursor. */
  readonly open: (after: string | null, signal: AbortSignal) => AsyncIterableIterator<SubgraphResult>;
  /** The cursor of an event, if it carries one. */
  readonly cursorOf: (event: SubgraphResult) => string | null;
  /** False for a stream without cursors: when it breaks it is over. */
  readonly resumable: boolean;
  /** Whether a refusal for want of a valid proof may be tried again, as with that of another reader. */
  readonly passes?: () => boolean;
  /** Where the reader left off before. */
  readonly after: string | null;
  readonly policy: ResumePolicy;
  readonly signal: AbortSignal;
  readonly onLost: (error: unknown) => void;
}

/**
 * The events of a stream of a subgraph, across its restarts: a stream that breaks, or ends though it has no end, is
 * opened again after the last cursor that was read. Nothing is missed, and an event comes twice only if it had no cursor.
 * Throws SubgraphLost when it stays away too long, or cannot be resumed.
 */
export function createResumingStream(options: ResumingStreamOptions): AsyncIterableIterator<SubgraphResult> {
  const { subgraph, open, cursorOf, resumable, policy, onLost } = options;
  // One for all streams that are opened in turn.
  const ending = new AbortController();
  let cursor = options.after;
  let upstream: AsyncIterableIterator<SubgraphResult> | undefined;
  let refused = false;
  let heard = false;
  let brokenAt: number | null = performance.now();
  let attempt = 0;

  async function next(): Promise<SubgraphResult | typeof streamEnd> {
    if (refused) return streamEnd;
    for (;;) {
      upstream ??= open(cursor, ending.signal);
      const lost = await read(upstream).catch((error: unknown) => {
        if (error instanceof SubgraphLost) return error;
        throw error;
      });
      if (!(lost instanceof SubgraphLost)) return lost;
      upstream = undefined;
      if (ending.signal.aborted) return streamEnd;
      onLost(lost);
      brokenAt ??= performance.now();
      const patience = heard ? policy.giveUpMs : policy.giveUpFirstMs;
      if (!resumable || performance.now() - brokenAt >= patience) throw lost;
      const wait = Math.min(policy.firstMs * 2 ** attempt, policy.mostMs);
      attempt += 1;
      // Jitter: all streams of a subgraph break together, and should not all come back together.
      await sleep(wait * (0.5 + Math.random()), undefined, { signal: ending.signal }).catch(() => undefined);
      if (ending.signal.aborted) return streamEnd;
    }
  }

  async function read(
    stream: AsyncIterableIterator<SubgraphResult>,
  ): Promise<SubgraphResult | SubgraphLost | typeof streamEnd> {
    const { done, value } = await stream.next();
    if (done) return resumable ? new SubgraphLost(subgraph, new Error('the stream ended')) : streamEnd;
    const event: SubgraphResult = value;
    if (event.data === undefined) {
      if (resumable && (isPassing(event) || (isUnproved(event) && options.passes?.() === true)))
        return new SubgraphLost(subgraph, new Error('not answering yet'));
      refused = true;
      return event;
    }
    heard = true;
    brokenAt = null;
    attempt = 0;
    cursor = cursorOf(event) ?? cursor;
    return event;
  }

  return createStreamIterator(next, {
    signal: options.signal,
    onEnd: () => {
      ending.abort();
      upstream?.return?.().catch(() => undefined);
    },
  });
}

/** A refusal that says "not now", as of a subgraph whose database is not back yet. */
function isPassing({ errors = [] }: SubgraphResult): boolean {
  return errors.some(({ extensions }) => transient.has(extensions?.['code']));
}

const transient = new Set<unknown>(['SERVICE_UNAVAILABLE', 'TIMEOUT']);

function isUnproved({ errors = [] }: SubgraphResult): boolean {
  return errors.some(({ extensions }) => extensions?.['code'] === 'UNAUTHENTICATED');
}
