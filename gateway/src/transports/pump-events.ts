import type { StreamEvent } from '../subscriptions/stream-event.ts';

/** Where a client's events go. */
export interface EventOutlet {
  send(event: StreamEvent): void;
  /** Whether what was sent waits for the client to take it. */
  isFull(): boolean;
  /** Resolves with true when it is not full any more, with false when the client took nothing for that long or is gone. */
  drained(withinMs: number): Promise<boolean>;
}

/**
 * Sends a subscription's events at the pace at which the client takes them: beyond what its socket holds nothing is read
 * for it, so nothing piles up here. A client that takes nothing for too long is told where to go on, and has stalled.
 */
export async function pumpEvents(
  subscription: AsyncIterableIterator<StreamEvent> & { farewell(): StreamEvent },
  outlet: EventOutlet,
  stalledMs: number,
): Promise<'ended' | 'stalled'> {
  for await (const event of subscription) {
    outlet.send(event);
    if (outlet.isFull() && !(await outlet.drained(stalledMs))) {
      outlet.send(subscription.farewell());
      return 'stalled';
    }
  }
  return 'ended';
}
