declare const instantBrand: unique symbol;

/**
 * A moment to the microsecond in UTC, `2026-01-02T03:04:05.678901Z`: always that long, so that text order is time order and
 * Postgres takes it as it is.
 */
export type Instant = string & { readonly [instantBrand]: true };

const iso =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s?([Zz]|[+-]\d{2}(?::?\d{2})?)?$/;

/**
 * Parses ISO 8601 as producers write it: with or without seconds and zone, any number of decimals (cut off after six).
 * Null when it names no moment; `zoned` says whether it named its zone, UTC is taken otherwise.
 */
export function parseInstant(text: string): { readonly instant: Instant; readonly zoned: boolean } | null {
  const match = iso.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  const sameDay = at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  // 60 is a leap second: it is taken as the next minute, as Postgres does.
  if (!sameDay || hour > 23 || minute > 59 || second > 60) return null;
  const offset = offsetMinutes(match[8]);
  if (offset === null) return null;
  at.setUTCHours(hour, minute - offset, second || 0);
  if (at.getUTCFullYear() < 1 || at.getUTCFullYear() > 9999) return null;
  const fraction = (match[7] ?? '').slice(0, 6).padEnd(6, '0');
  const instant = `${at.toISOString().slice(0, 19)}.${fraction}Z` as Instant;
  return { instant, zoned: match[8] !== undefined };
}

function offsetMinutes(zone: string | undefined): number | null {
  if (zone === undefined || zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2)) * (zone.length > 3 ? 1 : 0);
  if (hours > 23 || minutes > 59) return null;
  return (hours * 60 + minutes) * (zone.startsWith('-') ? -1 : 1);
}

/** The earlier of two. */
export function earliest(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}

/** The later of two. */
export function latest(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}
