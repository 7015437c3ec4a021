import { Problem } from '@spine/kernel/problem';
import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import type { RouteContext } from '../pipeline/route-context.ts';
import type { RouteProgress } from '../pipeline/route-progress.ts';
import { runRoute } from '../pipeline/run-route.ts';
import { whatNext } from './what-next.ts';

/**
 * Runs one route for as long as the signal lets it: each start gets a fresh context; a run that ends with an error starts
 * again after a bounded wait.
 */
export async function keepRoute(deps: {
  readonly open: () => Promise<RouteContext>;
  readonly progress: RouteProgress;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { signal, progress, clock, log } = deps;
  let failures = 0;
  while (!signal.aborted) {
    let context: RouteContext | null = null;
    try {
      context = await deps.open();
      await runRoute(context);
      return;
    } catch (error) {
      if (signal.aborted) return;
      const next = whatNext(error);
      const anew = (await context?.memory.startsAnew().catch(() => false)) === true;
      progress.enter(anew ? 'resnapshot_required' : next.state, next.reason);
      const waitMs = next.waitMs(failures);
      failures = waitMs === 0 ? 0 : failures + 1;
      const level = next.state === 'starting' ? 'info' : error instanceof Problem ? 'warn' : 'error';
      log[level]({ event: 'route.ended', state: next.state, reason: next.reason, err: error });
      if (next.state === 'failed' || next.state === 'resnapshot_required') {
        await context?.runEvents
          .failed(next.reason)
          .catch((unsaved: unknown) => log.warn({ event: 'run_event.unsaved', err: unsaved }));
      }
      await clock.sleep(waitMs, signal).catch(() => undefined);
    } finally {
      await Promise.allSettled([context?.source.close(), context?.sink.close()]);
    }
  }
}
