/** Why a stream could not go on where the cursor stood. */
export type GapReason =
  /** Retention removed events that the reader had not seen. */
  | 'retention'
  /** The database went back in time (restore, failover to a replica that lagged): what the reader saw last is not its history. */
  | 'reset'
  /** The cursor was taken inside a snapshot that the reader did not finish, and no snapshot was asked for now. */
  | 'snapshot_unfinished';

/**
 * What a subscription yields. Every item carries the cursor to resume after it. `at` is when the event was appended
 * (heartbeats: now). `missed` counts events before any filter; null when that cannot be known.
 */
export type StreamItem<T> =
  | StreamEvent<T>
  | { readonly kind: 'snapshot'; readonly cursor: string; readonly value: T }
  | { readonly kind: 'snapshot-complete'; readonly cursor: string }
  | { readonly kind: 'heartbeat'; readonly cursor: string; readonly at: Date }
  | StreamGap;

/** One event of a stream, in the order of commits. */
export interface StreamEvent<T> {
  readonly kind: 'event';
  readonly cursor: string;
  readonly at: Date;
  readonly value: T;
}

/** Says that events between two cursors were or may have been missed. */
export interface StreamGap {
  readonly kind: 'gap';
  readonly fromCursor: string;
  readonly cursor: string;
  readonly missed: number | null;
  readonly reason: GapReason;
}
