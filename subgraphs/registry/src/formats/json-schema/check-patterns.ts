import { Problem } from '@spine/kernel/problem';
import { isRecord, pointer } from '../../domain/json.ts';
import type { Draft } from '../../domain/json-schema/draft.ts';
import { isSchemaJson, type SchemaJson, subschemasOf } from '../../domain/json-schema/subschemas.ts';

/** Refuses a pattern that is no regular expression. None is run. Throws SCHEMA_INVALID. */
export function checkPatterns(json: unknown, draft: Draft): void {
  if (isSchemaJson(json)) checkSchema(json, '', draft);
}

function checkSchema(json: SchemaJson, path: string, draft: Draft): void {
  if (typeof json === 'boolean') return;
  if (typeof json['pattern'] === 'string') checkPattern(json['pattern'], pointer(path, 'pattern'));
  const named = json['patternProperties'];
  if (isRecord(named)) {
    const at = pointer(path, 'patternProperties');
    for (const pattern of Object.keys(named)) checkPattern(pattern, pointer(at, pattern));
  }
  for (const inner of subschemasOf(json, path, draft)) checkSchema(inner.json, inner.path, draft);
}

function checkPattern(pattern: string, path: string): void {
  if (isExpression(pattern, 'u') || isExpression(pattern, '') || isExpression(withoutJava(pattern), ''))
    return;
  throw new Problem('SCHEMA_INVALID', `${JSON.stringify(pattern)} is no regular expression`, {
    fix: 'write the pattern as ECMA-262 has it',
    path,
  });
}

/** Half of the field writes what Java reads: inline flags, atomic groups, possessive repetition. */
function withoutJava(pattern: string): string {
  return pattern
    .replaceAll(/\(\?[a-zA-Z-]+\)/g, '')
    .replaceAll(/\(\?(?:>|[a-zA-Z-]+:)/g, '(?:')
    .replaceAll(/([*+?}])\+/g, '$1');
}

function isExpression(pattern: string, flags: string): boolean {
  try {
    new RegExp(pattern, flags);
    return true;
  } catch {
    return false;
  }
}
