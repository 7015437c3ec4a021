/** How often one client selected one field. */
export interface FieldCount {
  readonly type: string;
  readonly field: string;
  /** Id of the principal. */
  readonly client: string;
  readonly count: number;
}

/** What was selected since a day. */
export interface UsageReport {
  /** The first day with a count, no earlier than asked for; null: nothing was counted. */
  readonly from: string | null;
  /** By `Type.field`. */
  readonly fields: Readonly<Record<string, number>>;
}

/** Keeps counts by day. Days are `YYYY-MM-DD` in UTC. */
export interface UsageStore {
  add(day: string, counts: readonly FieldCount[]): Promise<void>;
  since(day: string): Promise<UsageReport>;
  /** Forgets what is older than a day. */
  cut(before: string): Promise<void>;
}

/** The UTC day of a moment, so many days earlier. */
export function dayOf(moment: Date, daysEarlier = 0): string {
  return new Date(moment.getTime() - daysEarlier * 86_400_000).toISOString().slice(0, 10);
}
