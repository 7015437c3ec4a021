import type { Genes } from './genes.ts';

/** A schema before it is written down: named types by what they hold, so that it can be changed piece by piece. */
export type Shape =
  | { readonly kind: 'plain'; readonly type: string; readonly logical?: Readonly<Record<string, unknown>> }
  | { readonly kind: 'array' | 'map'; readonly inside: Shape }
  | { readonly kind: 'union'; readonly branches: readonly Shape[] }
  | (NamedShape & { readonly kind: 'record'; readonly fields: readonly FieldShape[] })
  | (NamedShape & { readonly kind: 'enum'; readonly symbols: readonly string[]; readonly default?: string })
  | (NamedShape & { readonly kind: 'fixed'; readonly size: number });

interface NamedShape {
  readonly name: string;
  readonly aliases?: readonly string[];
}

export interface FieldShape {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly type: Shape;
  readonly default?: unknown;
}

/** A random schema: a record of a few fields, with named types that may come back inside themselves. */
export function growShape(genes: Genes): Shape {
  return growRecord(genes, 'o.R0', 0);
}

/** Any type but a union, for a new field or a new branch. */
export function growType(genes: Genes, depth: number): Shape {
  const deep = depth >= 3;
  switch (genes.below(deep ? 5 : 9)) {
    case 0:
    case 1:
    case 2:
      return growPlain(genes);
    case 3:
      return growEnum(genes);
    case 4:
      return { kind: 'fixed', name: genes.pick(['o.F0', 'o.F1']), size: 1 + genes.below(4) };
    case 5:
      return { kind: 'array', inside: growAny(genes, depth + 1) };
    case 6:
      return { kind: 'map', inside: growAny(genes, depth + 1) };
    default:
      return growRecord(genes, genes.pick(['o.R0', 'o.R1', 'o.R2', 'a.R1', 'b.R2']), depth + 1);
  }
}

function growAny(genes: Genes, depth: number): Shape {
  if (!genes.chance(40)) return growType(genes, depth);
  const branches = Array.from({ length: 1 + genes.below(3) }, () => growType(genes, depth));
  return { kind: 'union', branches: [{ kind: 'plain', type: 'null' }, ...branches] };
}

function growPlain(genes: Genes): Shape {
  const type = genes.pick(['int', 'long', 'float', 'double', 'string', 'bytes', 'boolean', 'null']);
  const logical = genes.chance(40) ? growLogical(genes, type) : undefined;
  return { kind: 'plain', type, ...(logical !== undefined && { logical }) };
}

/** A logical type that fits, if there is one. */
export function growLogical(genes: Genes, type: string): Readonly<Record<string, unknown>> | undefined {
  switch (type) {
    case 'int':
      return { logicalType: genes.pick(['date', 'time-millis']) };
    case 'long':
      return { logicalType: genes.pick(['timestamp-millis', 'timestamp-micros']) };
    case 'string':
      return { logicalType: 'uuid' };
    case 'bytes':
      return { logicalType: 'decimal', precision: 3 + genes.below(3), scale: genes.below(3) };
    default:
      return undefined;
  }
}

function growEnum(genes: Genes): Shape {
  const symbols = (['A', 'B', 'C', 'D'] as const).slice(genes.below(2), 2 + genes.below(3));
  const [first] = symbols;
  const name = genes.pick(['o.E0', 'o.E1']);
  return { kind: 'enum', name, symbols, ...(first !== undefined && genes.chance(30) && { default: first }) };
}

function growRecord(genes: Genes, name: string, depth: number): Shape {
  const fields = Array.from({ length: 1 + genes.below(3) }, (_, index) => {
    return { name: `f${index}`, type: growAny(genes, depth) };
  });
  return { kind: 'record', name, fields };
}

/** Writes a shape as an Avro schema: the first time a name is met it is defined, later it is used. */
export function writeShape(shape: Shape): unknown {
  const defined = new Set<string>();

  function write(each: Shape): unknown {
    switch (each.kind) {
      case 'plain':
        return each.logical === undefined ? each.type : { type: each.type, ...each.logical };
      case 'array':
        return { type: 'array', items: write(each.inside) };
      case 'map':
        return { type: 'map', values: write(each.inside) };
      case 'union': {
        const unique = new Map(each.branches.map((branch) => [identityOf(branch), branch]));
        return [...unique.values()].map(write);
      }
      default:
        if (defined.has(each.name)) return each.name;
        defined.add(each.name);
        return writeNamed(each);
    }
  }

  function writeNamed(each: Extract<Shape, NamedShape>): unknown {
    const { name, aliases } = each;
    // All names are full: avsc does not look for a name outside the namespace around it.
    const head = { type: each.kind, name, ...(aliases !== undefined && { aliases }) };
    if (each.kind === 'fixed') return { ...head, size: each.size };
    if (each.kind === 'enum') {
      return { ...head, symbols: each.symbols, ...(each.default !== undefined && { default: each.default }) };
    }
    const fields = each.fields.map(({ type, ...field }) => ({ ...field, type: write(type) }));
    return { ...head, fields };
  }

  return write(shape);
}

/** A union holds one branch of each. */
function identityOf(shape: Shape): string {
  if (shape.kind === 'plain') return shape.type;
  return 'name' in shape ? shape.name : shape.kind;
}
