import type { OpenLineageEvent } from './event.ts';

/** Somewhere events go. `send` resolves only when the other side has accepted the event. */
export interface Transport {
  send(event: OpenLineageEvent, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
