import type { AvroSchema, AvroType, LogicalType, ResolvedType } from './avro-schema.ts';
import { resolveType } from './named-type.ts';

/** A datum of more parts than that shows nothing to anybody. */
const maxParts = 500;

/** A datum in Avro's JSON form, and how many parts it has. */
export interface Sized {
  readonly value: unknown;
  readonly parts: number;
}

/**
 * Makes the smallest datum that a schema can write as one of its types; undefined where there is none (an enum without
 * symbols, a record that must hold itself) or only a huge one.
 */
export function createMinimalDatum(schema: AvroSchema): (type: ResolvedType) => Sized | undefined {
  let sizes: ReadonlyMap<string, number> | undefined;

  function sizeOf(type: AvroType | ResolvedType): number {
    sizes ??= sizeNamedTypes(schema);
    return partsOf(type, sizes);
  }

  function build(type: ResolvedType): unknown {
    switch (type.kind) {
      case 'null':
        return null;
      case 'boolean':
        return false;
      case 'int':
      case 'long':
      case 'float':
      case 'double':
        return 0;
      case 'string':
        return type.logical?.name === 'uuid' ? nilUuid : '';
      case 'bytes':
        return zeroBytes(type.logical);
      case 'fixed':
        return '\u0000'.repeat(type.size);
      case 'enum':
        return type.symbols[0];
      case 'array':
        return [];
      case 'map':
        return {};
      case 'union': {
        const branch = type.branches.reduce((a, b) => (sizeOf(b) < sizeOf(a) ? b : a));
        const resolved = resolveType(schema, branch);
        return tagged(resolved, build(resolved));
      }
      case 'record':
        return Object.fromEntries(
          type.fields.map((field) => [field.name, build(resolveType(schema, field.type))]),
        );
    }
  }

  return (type) => {
    const parts = 'name' in type ? sizeOf({ kind: 'reference', name: type.name }) : sizeOf(type);
    return parts > maxParts ? undefined : { value: build(type), parts };
  };
}

/** A datum of a union: under the name of its branch, null excepted (Avro 1.12, "JSON Encoding"). */
export function tagged(branch: ResolvedType, value: unknown): unknown {
  return branch.kind === 'null' ? null : { [branchName(branch)]: value };
}

/** The word for a branch in the JSON form. */
export function branchName(branch: ResolvedType): string {
  return 'name' in branch ? branch.name : branch.kind;
}

const nilUuid = '00000000-0000-0000-0000-000000000000';

function zeroBytes(logical: LogicalType | undefined): string {
  // A big-decimal is the length of its bytes, these, and the scale.
  if (logical?.name === 'big-decimal') return '\u0002\u0000\u0000';
  return logical?.name === 'decimal' ? '\u0000' : '';
}

/** How many parts the smallest datum of each named type has; those without one are left out. */
function sizeNamedTypes(schema: AvroSchema): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  const users = usersOf(schema);
  const pending = [...schema.named.keys()];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const definition = schema.named.get(name);
    if (definition === undefined) continue;
    const size = partsOf(definition, sizes);
    if (size >= (sizes.get(name) ?? Number.POSITIVE_INFINITY) || size > maxParts) continue;
    sizes.set(name, size);
    pending.push(...(users.get(name) ?? []));
  }
  return sizes;
}

/** Which records change when a named type does. */
function usersOf(schema: AvroSchema): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const definition of schema.named.values()) {
    if (definition.kind !== 'record') continue;
    for (const { type } of definition.fields) {
      for (const used of type.kind === 'union' ? type.branches : [type]) {
        if (used.kind !== 'reference') continue;
        const known = users.get(used.name);
        if (known === undefined) users.set(used.name, [definition.name]);
        else known.push(definition.name);
      }
    }
  }
  return users;
}

function partsOf(type: AvroType | ResolvedType, sizes: ReadonlyMap<string, number>): number {
  switch (type.kind) {
    case 'reference':
      return sizes.get(type.name) ?? Number.POSITIVE_INFINITY;
    case 'union':
      return type.branches.reduce(
        (least, branch) => Math.min(least, (branch.kind === 'null' ? 0 : 1) + partsOf(branch, sizes)),
        Number.POSITIVE_INFINITY,
      );
    case 'record':
      return type.fields.reduce((sum, field) => sum + partsOf(field.type, sizes), 1);
    case 'enum':
      return type.symbols.length === 0 ? Number.POSITIVE_INFINITY : 1;
    case 'fixed':
      // Shown in full, so that a long one counts for more.
      return 1 + Math.floor(type.size / 8);
    default:
      return 1;
  }
}
