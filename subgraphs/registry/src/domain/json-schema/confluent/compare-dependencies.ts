import type { Findings } from '../difference.ts';
import type { JsonSchemaNode } from '../json-schema-tree.ts';
import type { ShapeComparer } from './shape-comparer.ts';

/** Compares what the presence of one property asks of others, and of the whole object. */
export function compareDependencies(
  { shapeOf, compare }: ShapeComparer,
  findings: Findings,
  writer: JsonSchemaNode,
  reader: JsonSchemaNode,
): void {
  for (const name of namesOf(writer.dependentRequired, reader.dependentRequired)) {
    const at = { steps: ['dependencies', name] };
    const before = writer.dependentRequired?.get(name);
    const after = reader.dependentRequired?.get(name);
    if (after === undefined) findings.add('DEPENDENCY_ARRAY_REMOVED', at);
    else if (before === undefined) findings.add('DEPENDENCY_ARRAY_ADDED', at);
    else {
      const isWider = before.every((need) => after.includes(need));
      const isNarrower = after.every((need) => before.includes(need));
      if (isWider && isNarrower) continue;
      if (isWider) findings.add('DEPENDENCY_ARRAY_EXTENDED', at);
      else findings.add(isNarrower ? 'DEPENDENCY_ARRAY_NARROWED' : 'DEPENDENCY_ARRAY_CHANGED', at);
    }
  }
  for (const name of namesOf(writer.dependentSchemas, reader.dependentSchemas)) {
    const at = { steps: ['dependencies', name] };
    const before = writer.dependentSchemas?.get(name);
    const after = reader.dependentSchemas?.get(name);
    if (after === undefined) findings.add('DEPENDENCY_SCHEMA_REMOVED', at);
    else if (before === undefined) findings.add('DEPENDENCY_SCHEMA_ADDED', at);
    else findings.take(compare(shapeOf(before), shapeOf(after)), at);
  }
}

function namesOf(
  writer: ReadonlyMap<string, unknown> | undefined,
  reader: ReadonlyMap<string, unknown> | undefined,
): ReadonlySet<string> {
  return new Set([...(writer?.keys() ?? []), ...(reader?.keys() ?? [])]);
}
