import { patternsOf } from '../../json-patterns.ts';
import type { JsonSchemaRule } from '../../lint-rule.ts';

/** A group with a quantifier without end inside, and one behind it: `(a+)*`, `(\\w*\\d)+`. */
const nestedQuantifier = /\((?:[^()\\]|\\.)*(?:[*+]|\{\d+,\})(?:[^()\\]|\\.)*\)(?:[*+]|\{\d+,\})/;
const maxPattern = 2_000;

export const jsonPatternSafe: JsonSchemaRule = {
  id: 'JSON_PATTERN_SAFE',
  format: 'JSON',
  severity: 'warning',
  summary: 'No pattern repeats a repetition, on which a hostile text can hold a validator for hours.',
  check: (schemas) =>
    patternsOf(schemas)
      .filter(({ pattern }) => pattern.length > maxPattern || nestedQuantifier.test(withoutClasses(pattern)))
      .map(({ path }) => ({ path, message: 'the pattern can take time without end on a text made for it' })),
};

/** Signs in brackets are no quantifiers. */
function withoutClasses(pattern: string): string {
  return pattern.replace(/\\.|\[(?:[^\]\\]|\\.)*\]/g, (found) => (found.startsWith('[') ? 'x' : found));
}
