import type { JsonSchemaNode } from '../json-schema-tree.ts';
import type { Patterns } from '../pattern/pattern.ts';
import type { ShapeOf } from './read-shape.ts';
import type { ContentModel } from './shape.ts';

/** Whether anything at all may stand beside what is named. */
export function isOpen({ permits, schema, unevaluated }: ContentModel, shapeOf: ShapeOf): boolean {
  return permits && schema === undefined && (unevaluated === undefined || fitsAnything(unevaluated, shapeOf));
}

/** The schema for what is not named; undefined where nothing or everything may be there. */
export function restSchema(
  { permits, schema, unevaluated }: ContentModel,
  shapeOf: ShapeOf,
): JsonSchemaNode | undefined {
  if (schema !== undefined || !permits || unevaluated === undefined) return schema;
  return unevaluated.always === false || fitsAnything(unevaluated, shapeOf) ? undefined : unevaluated;
}

/** Whether a schema is empty or true. */
export function fitsAnything(node: JsonSchemaNode, shapeOf: ShapeOf): boolean {
  const { kind } = shapeOf(node);
  return kind === 'empty' || kind === 'true';
}

/** The schema of the first pattern that a name matches. */
export function findByPattern(
  patterns: ReadonlyMap<string, JsonSchemaNode> | undefined,
  name: string,
  patternOf: Patterns,
): JsonSchemaNode | undefined {
  for (const [pattern, node] of patterns ?? []) if (patternOf(pattern)?.matches(name) === true) return node;
  return undefined;
}
