import { isRecord, pointer } from '../json.ts';
import type { Subschema } from '../outline/json-schema-text.ts';

/** Every regular expression of the schemas, with its place. */
export function patternsOf(
  schemas: readonly Subschema[],
): readonly { readonly path: string; readonly pattern: string }[] {
  return schemas.flatMap(({ path, json }) => {
    if (typeof json === 'boolean') return [];
    const { pattern, patternProperties } = json;
    const names = isRecord(patternProperties) ? Object.keys(patternProperties) : [];
    const at = pointer(path, 'patternProperties');
    return [
      ...(typeof pattern === 'string' ? [{ path: pointer(path, 'pattern'), pattern }] : []),
      ...names.map((name) => ({ path: pointer(at, name), pattern: name })),
    ];
  });
}
