/** Whether a JSON value nests deeper than so many levels. Stops looking there, so no value is too deep for it. */
export function nestsDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  for (const member of Object.values(value)) {
    if (nestsDeeper(member, levels - 1)) return true;
  }
  return false;
}
