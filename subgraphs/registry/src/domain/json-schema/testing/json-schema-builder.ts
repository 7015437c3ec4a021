import { parseJsonSchema } from '../../../formats/json-schema/parse-json-schema.ts';
import type { JsonSchemaTree } from '../json-schema-tree.ts';

/** The schema of a JSON value; references by the names that it has for them. */
export function parse(json: unknown, references: Readonly<Record<string, unknown>> = {}): JsonSchemaTree {
  const texts = Object.entries(references).map(([name, each]) => ({ name, text: JSON.stringify(each) }));
  return parseJsonSchema(JSON.stringify(json), texts);
}
