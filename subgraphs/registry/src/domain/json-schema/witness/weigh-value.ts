/** How many values a JSON value is made of, itself among them. Counted as far as `most`: what is more is one more. */
export function weighValue(value: unknown, most: number): number {
  const parts = [value];
  // Grows while it is read.
  for (const part of parts) {
    if (parts.length > most) return most + 1;
    if (typeof part !== 'object' || part === null) continue;
    for (const inner of Object.values(part)) {
      parts.push(inner);
      if (parts.length > most) return most + 1;
    }
  }
  return parts.length;
}
