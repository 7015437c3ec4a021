import { invariant } from '@spine/kernel/invariant';
import type { AvroSchema, AvroType, ResolvedType } from './avro-schema.ts';

/** The type behind a reference; any other type is its own answer. */
export function resolveType(schema: AvroSchema, type: AvroType): ResolvedType {
  if (type.kind !== 'reference') return type;
  const definition = schema.named.get(type.name);
  invariant(definition !== undefined, `parsed schema lacks ${type.name}`);
  return definition;
}

/** The name without its namespace. */
export function simpleName(fullName: string): string {
  return fullName.slice(fullName.lastIndexOf('.') + 1);
}
