/** What an item of a stream is to the gateway. */
export type ItemKind = 'event' | 'heartbeat' | 'gap' | 'snapshot-complete' | 'refusal';

/** One item of a stream as clients get it: made once, sent to all who share the stream. */
export interface StreamEvent {
  /** The result as JSON. */
  readonly text: string;
  /** Where to go on after it. */
  readonly cursor: string | null;
  readonly kind: ItemKind;
  /** When the gateway had read it from its subgraph, by performance.now(); absent for what the gateway says itself. */
  readonly readAt?: number;
}
