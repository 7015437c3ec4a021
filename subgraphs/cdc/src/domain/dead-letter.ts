import type { Lsn } from '@spine/kernel/lsn';
import type { Change } from './change.ts';
import type { Relation } from './relation.ts';

/** `failed` was refused itself; `parked_behind` waits for one of the same key; `resolved` waits no more and has no payload. */
export const deadLetterStates = ['failed', 'parked_behind', 'resolved'] as const;
export type DeadLetterState = (typeof deadLetterStates)[number];

/** How a dead letter came to its end: delivered after all, overtaken by a copy or a truncate, or given up by somebody. */
export const resolutions = ['replayed', 'superseded', 'discarded'] as const;
export type Resolution = (typeof resolutions)[number];

/** Where a change stands in the source's history: its commit, and its number among the table's changes of that commit. */
export interface ChangePlace {
  readonly commitLsn: Lsn;
  readonly ordinal: number;
}

/** A change that does not flow, as a batch sets it aside. */
export interface ParkedChange {
  readonly change: Change;
  /** SQLSTATE of the refusal; null for one that waits behind another. */
  readonly sqlState: string | null;
  /** The keys that it locks. */
  readonly keys: readonly string[];
}

/** A dead letter on its way to the store. Its payload is row data: it stays in the source's jurisdiction and out of listings. */
export interface DeadLetter extends ChangePlace {
  readonly relation: Relation;
  readonly state: Exclude<DeadLetterState, 'resolved'>;
  readonly reason: string;
  readonly keys: readonly string[];
  readonly payload: Buffer;
}

/** How much a route sets aside before a table is stopped instead. */
export interface DeadLetterLimits {
  /** Keys that one batch of a table may find refused: beyond it is the table that is wrong, not its rows. */
  readonly keysPerBatch: number;
  /** Changes that a route holds open; from `alertAt` on it warns. */
  readonly alertAt: number;
  readonly stopAt: number;
}

export const defaultDeadLetterLimits: DeadLetterLimits = {
  keysPerBatch: 100,
  alertAt: 100,
  stopAt: 10_000,
};

/** The limits of a route, which may name some of its own. */
export function deadLetterLimits(
  own: { readonly alertAt?: number | undefined; readonly stopAt?: number | undefined } = {},
): DeadLetterLimits {
  const { keysPerBatch, alertAt, stopAt } = defaultDeadLetterLimits;
  return { keysPerBatch, alertAt: own.alertAt ?? alertAt, stopAt: own.stopAt ?? stopAt };
}
