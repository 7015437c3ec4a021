import type { AvroSchema, ResolvedType } from '../avro-schema.ts';
import { createMinimalDatum, tagged } from '../minimal-datum.ts';
import { resolveType } from '../named-type.ts';
import type { Genes } from './genes.ts';

/** A random datum of a schema in Avro's JSON form, or undefined if it has none. */
export function makeDatum(genes: Genes, schema: AvroSchema): { readonly value: unknown } | undefined {
  const minimalOf = createMinimalDatum(schema);
  const root = resolveType(schema, schema.root);
  return minimalOf(root) === undefined ? undefined : { value: make(root, 0) };

  function make(type: ResolvedType, depth: number): unknown {
    if (depth > 6) return minimalOf(type)?.value;
    switch (type.kind) {
      case 'null':
        return null;
      case 'boolean':
        return genes.chance(50);
      case 'int':
        // Numbers that a float keeps: avsc does not round an int that it reads as one.
        return genes.pick([0, 1, -1, 65_535, -(2 ** 31)]);
      case 'long':
        return genes.pick([0, 1, -1, 2 ** 40, -(2 ** 52)]);
      case 'float':
      case 'double':
        return genes.pick([0, 1.5, -2.25, 1024]);
      case 'string':
        return genes.pick(['', 'a', 'ü', '€uro']);
      case 'bytes':
        return genes.pick(['', 'a', '\u0000\u0001', '\u00c3\u00bc']);
      case 'fixed':
        return '\u0001'.repeat(type.size);
      case 'enum':
        return type.symbols[genes.below(type.symbols.length)];
      case 'array':
        return Array.from({ length: genes.below(3) }).flatMap(() => inside(type.items, depth));
      case 'map':
        return Object.fromEntries(
          Array.from({ length: genes.below(3) }).flatMap((_, index) =>
            inside(type.values, depth).map((value) => [`k${index}`, value]),
          ),
        );
      case 'union': {
        const branches = type.branches.map((branch) => resolveType(schema, branch));
        const writable = branches.filter((branch) => minimalOf(branch) !== undefined);
        const branch = writable[genes.below(writable.length)];
        return branch === undefined ? null : tagged(branch, make(branch, depth + 1));
      }
      case 'record':
        return Object.fromEntries(
          type.fields.map((field) => [field.name, make(resolveType(schema, field.type), depth + 1)]),
        );
    }
  }

  /** One item, or none of a type that cannot be written. */
  function inside(type: AvroSchema['root'], depth: number): readonly unknown[] {
    const resolved = resolveType(schema, type);
    return minimalOf(resolved) === undefined ? [] : [make(resolved, depth + 1)];
  }
}
