import { parseSchema } from '../../formats/parse-schema.ts';
import type { ReferencedText } from '../schema-reference.ts';
import type { SchemaType } from '../schema-type.ts';
import { lint } from './lint.ts';
import type { LintFinding } from './lint-finding.ts';
import type { LintInput } from './lint-input.ts';

/** A schema for lint, parsed as a publish would. */
export function read(
  type: SchemaType,
  text: string,
  dependencies: readonly ReferencedText[] = [],
): Pick<LintInput, 'source' | 'schema'> {
  const source = { type, text, dependencies };
  return { source, schema: parseSchema(source) };
}

/** What one rule finds, whatever its own severity. */
export function findingsOf(rule: string, input: LintInput): readonly LintFinding[] {
  return lint({ ...input, severities: { [rule]: 'error' } }).filter((finding) => finding.rule === rule);
}
