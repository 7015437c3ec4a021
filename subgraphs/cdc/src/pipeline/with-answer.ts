import { Problem } from '@spine/kernel/problem';
import type { RouteContext } from './route-context.ts';

const retryMs = 500;

/** Repeats a call to a service until it answers; the route holds meanwhile: nothing delivered, nothing discarded. */
export async function withAnswer<T>(
  context: Pick<RouteContext, 'signal' | 'clock' | 'progress'>,
  call: () => Promise<T>,
): Promise<T> {
  for (;;) {
    context.signal.throwIfAborted();
    try {
      const answer = await call();
      context.progress.resume();
      return answer;
    } catch (error) {
      if (
        !(error instanceof Problem) ||
        !(error.code === 'SERVICE_UNAVAILABLE' || error.code === 'TIMEOUT')
      ) {
        throw error;
      }
      context.progress.hold(error.message);
      await context.clock.sleep(retryMs, context.signal);
    }
  }
}
