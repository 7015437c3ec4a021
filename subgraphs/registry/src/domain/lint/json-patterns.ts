import { isRecord, pointer } from '../json.ts';
import type { Subschema } from '../outline/json-schema-text.ts';

/** To look at a regular expression is dear; who has more of them than this has heard enough. */
const maxPatterns = 2_000;

/** The regular expressions of the schemas, with their places. */
export function patternsOf(
  schemas: readonly Subschema[],
): readonly { readonly path: string; readonly pattern: string }[] {
  const all = schemas.flatMap(({ path, json }) => {
    if (typeof json === 'boolean') return [];
    const { pattern, patternProperties } = json;
    const names = isRecord(patternProperties) ? Object.keys(patternProperties) : [];
    const at = pointer(path, 'patternProperties');
    return [
      ...(typeof pattern === 'string' ? [{ path: pointer(path, 'pattern'), pattern }] : []),
      ...names.map((name) => ({ path: pointer(at, name), pattern: name })),
    ];
  });
  return all.slice(0, maxPatterns);
}
