import { inPlaceSchemas, type JsonSchemaNode } from './json-schema-tree.ts';

/**
 * A schema that a value would be held to again and again without a step into it, if there is one. Without recursion: a
 * chain of references may be as long as a text allows.
 */
export function findEndless(nodes: readonly JsonSchemaNode[]): JsonSchemaNode | undefined {
  const done = new Set<JsonSchemaNode>();
  const entered = new Set<JsonSchemaNode>();
  for (const start of nodes) {
    const stack = [start];
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      if (done.has(node) || entered.has(node)) {
        stack.pop();
        entered.delete(node);
        done.add(node);
        continue;
      }
      entered.add(node);
      for (const inner of inPlaceSchemas(node)) {
        if (entered.has(inner)) return inner;
        if (!done.has(inner)) stack.push(inner);
      }
    }
  }
  return undefined;
}
