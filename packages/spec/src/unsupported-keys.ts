/** Keys of spine.yaml that are fixed by the design and whose part is not in this version: refused, never ignored. */
export const unsupportedKeys: ReadonlyMap<string, string> = new Map([
  ['pager', 'paging'],
  ['oncall', 'on-call rotation'],
  ['residency.exceptions', 'exceptions to the matrix'],
]);

/** Values of known keys that the design names and this version does not have. */
export const unsupportedValues: ReadonlyMap<string, readonly string[]> = new Map([
  ['sources[].type', ['kafka']],
  ['residency.rules[].obligations[].type', ['generalise', 'row_filter', 'encrypt']],
]);

/** `sinks.0.type` -> `sinks[].type`: how the two lists above name a place. */
export function keyPattern(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (pattern, part) =>
      typeof part === 'number'
        ? `${pattern}[]`
        : pattern === ''
          ? String(part)
          : `${pattern}.${String(part)}`,
    '',
  );
}
