/** Days and microseconds count from 2000-01-01; this is its distance from 1970-01-01. */
const epochDays = 10_957;
const dayMicros = 86_400_000_000n;

/** A date, `2024-02-29`, `0044-03-15 BC`, `infinity`. */
export function dateText(bytes: Buffer): string {
  const days = bytes.readInt32BE(0);
  if (days === 0x7fffffff) return 'infinity';
  if (days === -0x80000000) return '-infinity';
  const { text, era } = calendarDay(days);
  return text + era;
}

/** A timestamp without time zone, `2024-02-29 12:30:00.5`. */
export function timestampText(bytes: Buffer): string {
  return momentText(bytes, '');
}

/** A timestamp with time zone, shown in UTC: `2024-02-29 12:30:00.5+00`. */
export function timestamptzText(bytes: Buffer): string {
  return momentText(bytes, '+00');
}

/** A time of day, `12:30:00.5`, up to `24:00:00`. */
export function timeText(bytes: Buffer): string {
  return timeOfDay(bytes.readBigInt64BE(0));
}

/** A time of day with its zone, `12:30:00+05:30`. */
export function timetzText(bytes: Buffer): string {
  // Seconds to the west of UTC.
  const zone = bytes.readInt32BE(8);
  const distance = Math.abs(zone);
  const parts = [Math.floor(distance / 3600), Math.floor(distance / 60) % 60, distance % 60];
  const shown = parts.slice(0, parts[2] === 0 ? (parts[1] === 0 ? 1 : 2) : 3);
  return (
    timeText(bytes) + (zone > 0 ? '-' : '+') + shown.map((part) => String(part).padStart(2, '0')).join(':')
  );
}

/** An interval in the style `postgres`: `1 year -2 mons +3 days 04:05:06.7`. */
export function intervalText(bytes: Buffer): string {
  const micros = bytes.readBigInt64BE(0);
  const days = bytes.readInt32BE(8);
  const months = bytes.readInt32BE(12);
  if (months === 0x7fffffff && days === 0x7fffffff && micros === 0x7fffffffffffffffn) return 'infinity';
  if (months === -0x80000000 && days === -0x80000000 && micros === -0x8000000000000000n) return '-infinity';
  const parts: string[] = [];
  let afterNegative = false;
  const whole = [Math.trunc(months / 12), months % 12, days];
  for (const [place, unit] of ['year', 'mon', 'day'].entries()) {
    const count = whole[place] ?? 0;
    if (count === 0) continue;
    parts.push(`${afterNegative && count > 0 ? '+' : ''}${count} ${unit}${count === 1 ? '' : 's'}`);
    afterNegative = count < 0;
  }
  if (micros !== 0n || parts.length === 0) {
    const sign = micros < 0n ? '-' : afterNegative ? '+' : '';
    parts.push(sign + timeOfDay(micros < 0n ? -micros : micros));
  }
  return parts.join(' ');
}

function momentText(bytes: Buffer, zone: string): string {
  const micros = bytes.readBigInt64BE(0);
  if (micros === 0x7fffffffffffffffn) return 'infinity';
  if (micros === -0x8000000000000000n) return '-infinity';
  const inDay = ((micros % dayMicros) + dayMicros) % dayMicros;
  const { text, era } = calendarDay(Number((micros - inDay) / dayMicros));
  return `${text} ${timeOfDay(inDay)}${zone}${era}`;
}

function timeOfDay(micros: bigint): string {
  const seconds = Number(micros / 1_000_000n);
  const fraction = String(micros % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':') + (fraction && `.${fraction}`);
}

/** Proleptic Gregorian calendar; by arithmetic, for Postgres's years reach beyond those of `Date`. */
function calendarDay(daysSince2000: number): { readonly text: string; readonly era: '' | ' BC' } {
  const shifted = daysSince2000 + epochDays + 719_468;
  const cycle = Math.floor(shifted / 146_097);
  const dayOfCycle = shifted - cycle * 146_097;
  const yearOfCycle = Math.floor(
    (dayOfCycle -
      Math.floor(dayOfCycle / 1460) +
      Math.floor(dayOfCycle / 36_524) -
      Math.floor(dayOfCycle / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0);
  // There is no year 0: the one before 1 is 1 BC.
  const shownYear = String(year > 0 ? year : 1 - year).padStart(4, '0');
  const text = `${shownYear}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return { text, era: year > 0 ? '' : ' BC' };
}
