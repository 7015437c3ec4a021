const dayMs = 86_400_000;

/** Milliseconds of an ISO 8601 duration such as P7D; a month counts 30 days and a year 365. Null for what is none. */
export function durationMs(text: string): number | null {
  const match =
    /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(
      text,
    );
  if (match === null) return null;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const wholeDays = years * 365 + months * 30 + weeks * 7 + days;
  return wholeDays * dayMs + ((hours * 60 + minutes) * 60 + seconds) * 1000;
}
