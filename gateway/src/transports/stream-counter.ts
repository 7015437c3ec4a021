import type { StreamEvent } from '../subscriptions/stream-event.ts';

/** Told when a client's stream opens; the answer is told of each event, and once of the end. */
export type StreamCounter = (transport: 'websocket' | 'sse') => {
  readonly sent: (event: Pick<StreamEvent, 'readAt'>) => void;
  readonly closed: () => void;
};
