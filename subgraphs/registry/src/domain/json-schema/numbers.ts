/** Whether a number is a multiple of another one, as decimal digits have it: 0.3 is one of 0.1. */
export function isMultiple(value: number, of: number): boolean {
  if (Number.isInteger(value) && Number.isInteger(of)) return value % of === 0;
  const quotient = value / of;
  return Number.isFinite(quotient) && Math.abs(quotient - Math.round(quotient)) <= 1e-9;
}
