/** Told when a client's stream opens; the answer is told of each event, and once of the end. */
export type StreamCounter = (transport: 'websocket' | 'sse') => {
  readonly sent: () => void;
  readonly closed: () => void;
};
