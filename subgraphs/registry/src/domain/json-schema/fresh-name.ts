import type { JsonSchemaNode } from './json-schema-tree.ts';

/** A name that none of some schemas has a property for. */
export function freshName(nodes: readonly JsonSchemaNode[]): string {
  let name = 'other';
  while (nodes.some((node) => node.properties?.has(name) === true)) name += '_';
  return name;
}
