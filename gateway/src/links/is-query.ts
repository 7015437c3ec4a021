/**
 * Whether an operation only reads: what may be sent twice, and answered once for several. In doubt it does not: a text
 * that names mutations anywhere counts as one.
 */
export function isQuery(text: string): boolean {
  return /^\s*(\{|query\b)/.test(text) && !/\bmutation\b/.test(text);
}
