import { Problem } from '@spine/kernel/problem';
import type { RouteState } from '../domain/route-state.ts';
import { RestartRoute } from '../pipeline/route-context.ts';
import { FencedOut } from '../sink/sink.ts';

export interface NextStart {
  readonly state: RouteState;
  readonly reason: string;
  /** Wait before the next start, in ms, after this many failures in a row. */
  readonly waitMs: (failures: number) => number;
}

/** What becomes of a route whose run ended with an error. Nothing here gives up: what was not acknowledged is still at the source. */
export function whatNext(error: unknown): NextStart {
  if (error instanceof RestartRoute) {
    return { state: 'starting', reason: error.message, waitMs: () => 0 };
  }
  if (error instanceof FencedOut) {
    return { state: 'starting', reason: error.message, waitMs: backoff(200, 2_000) };
  }
  if (error instanceof Problem) {
    const reason = error.fix === undefined ? error.message : `${error.message} Fix: ${error.fix}`;
    switch (error.code) {
      case 'SOURCE_UNREACHABLE':
        return { state: 'source_down', reason, waitMs: backoff(200, 5_000) };
      case 'SINK_UNREACHABLE':
        return { state: 'sink_down', reason, waitMs: backoff(200, 5_000) };
      case 'SERVICE_UNAVAILABLE':
      case 'TIMEOUT':
        return { state: 'held', reason, waitMs: backoff(200, 2_000) };
      case 'SPOOL_FAILED':
        // Each attempt reads the whole transaction again.
        return { state: 'held', reason, waitMs: backoff(1_000, 60_000) };
      case 'SLOT_LOST':
        return {
          state: 'resnapshot_required',
          reason: `${error.code}: ${reason}`,
          waitMs: backoff(2_000, 10_000),
        };
      default:
        return { state: 'failed', reason: `${error.code}: ${reason}`, waitMs: backoff(2_000, 10_000) };
    }
  }
  return {
    state: 'failed',
    reason: 'an unexpected error; the log of the worker has its cause',
    waitMs: backoff(1_000, 10_000),
  };
}

function backoff(firstMs: number, maxMs: number): (failures: number) => number {
  return (failures) => Math.min(maxMs, firstMs * 2 ** Math.min(failures, 16));
}
