import { patternsOf } from '../../json-patterns.ts';
import type { JsonSchemaRule } from '../../lint-rule.ts';

export const jsonPatternValid: JsonSchemaRule = {
  id: 'JSON_PATTERN_VALID',
  format: 'JSON',
  severity: 'warning',
  summary: 'Patterns are regular expressions of ECMAScript, as JSON Schema has them.',
  check: (schemas) =>
    patternsOf(schemas)
      .filter(({ pattern }) => !isRegularExpression(pattern))
      .map(({ path }) => ({
        path,
        message: 'the pattern is no regular expression of ECMAScript: validators refuse or misread it',
      })),
};

function isRegularExpression(pattern: string): boolean {
  return ['u', ''].some((flags) => {
    try {
      return new RegExp(pattern, flags) instanceof RegExp;
    } catch {
      return false;
    }
  });
}
