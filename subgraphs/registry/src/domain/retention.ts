import { Problem } from '@spine/kernel/problem';

const day = 86_400;
/** A year is 365 days and a month its twelfth: lengths are compared, no calendar is asked. */
const seconds = [365 * day, (365 / 12) * day, 7 * day, day, 3_600, 60, 1];
const duration =
  /^P(?=[\dT])(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/;

/** How long data may be kept: an ISO 8601 duration of whole numbers, such as `P90D`. Throws INPUT_INVALID. */
export function parseRetention(text: string, path = '/retention'): string {
  if (retentionSeconds(text) !== undefined) return text;
  throw new Problem('INPUT_INVALID', `${JSON.stringify(text.slice(0, 40))} is no retention`, {
    fix: 'give an ISO 8601 duration, such as P90D or P7Y',
    path,
  });
}

/** The length of a retention for comparison, or undefined for a text that is none. */
export function retentionSeconds(text: string): number | undefined {
  const parts = duration.exec(text);
  if (parts === null) return undefined;
  return seconds.reduce((sum, unit, index) => sum + unit * Number(parts[index + 1] ?? 0), 0);
}
