/** How much of its source's disk a slot holds, and whether the source still keeps its word. Sizes in bytes. */
export interface SlotHealth {
  /** pg_replication_slots.wal_status: reserved, extended, unreserved or lost. */
  readonly walStatus: string;
  readonly invalidationReason: string | null;
  /** WAL that the source must keep for the slot. */
  readonly retainedBytes: bigint;
  /** WAL that may still be written before the source gives the slot up by itself; null when it never does. */
  readonly safeBytes: bigint | null;
}

/** `over`: the route's own limit is reached, its slot is given up on purpose. `lost`: the source has given it up. */
export type SlotDanger = 'none' | 'warning' | 'danger' | 'over' | 'lost';

/**
 * How near the slot is to its end: a warning from half of the nearest limit on, danger from four fifths on. Limits are the route's
 * own and the source's max_slot_wal_keep_size.
 */
export function slotDanger(health: SlotHealth, walLimitBytes: bigint | null): SlotDanger {
  const { retainedBytes: retained, safeBytes: safe, walStatus } = health;
  if (walStatus === 'lost' || health.invalidationReason !== null) return 'lost';
  if (walLimitBytes !== null && retained >= walLimitBytes) return 'over';
  // What the source will still write for it is what it has left of the source's limit.
  const limits = [walLimitBytes, safe === null ? null : retained + (safe > 0n ? safe : 0n)];
  const near = (tenths: bigint): boolean =>
    limits.some((limit) => limit !== null && limit > minimumBytes && retained * 10n >= limit * tenths);
  if (walStatus === 'unreserved' || near(8n)) return 'danger';
  return near(5n) ? 'warning' : 'none';
}

/** A segment or two are kept whatever happens: nearness to a limit of that order says nothing. */
const minimumBytes = 64n << 20n;

const units: Readonly<Record<string, bigint>> = { MB: 1n << 20n, GB: 1n << 30n, TB: 1n << 40n };

/** `10GB` as bytes, with the units of Postgres's own settings. Throws a RangeError for anything else. */
export function parseWalSize(text: string): bigint {
  const [, number = '', unit = ''] = /^([1-9][0-9]{0,8})(MB|GB|TB)$/.exec(text) ?? [];
  const factor = units[unit];
  if (factor === undefined) throw new RangeError(`${text} is no size such as 512MB or 10GB`);
  return BigInt(number) * factor;
}

/** A size in words. */
export function sayWalSize(bytes: bigint): string {
  const megabytes = Number(bytes) / 2 ** 20;
  if (megabytes < 1024) return `${megabytes.toFixed(1)} MB`;
  return megabytes < 1024 ** 2
    ? `${(megabytes / 1024).toFixed(1)} GB`
    : `${(megabytes / 1024 ** 2).toFixed(1)} TB`;
}
