import type { Genes } from './genes.ts';
import { type FieldShape, growLogical, growType, type Shape } from './schema-shape.ts';

/** The same schema some time later: most of it as it was, some of it changed, well or badly. */
export function evolveShape(genes: Genes, shape: Shape): Shape {
  switch (shape.kind) {
    case 'plain':
      return genes.chance(12) ? evolvePlain(genes, shape) : nullable(genes, shape);
    case 'array':
    case 'map':
      return { ...shape, inside: evolveShape(genes, shape.inside) };
    case 'union':
      return { ...shape, branches: evolveBranches(genes, shape.branches) };
    case 'fixed':
      if (genes.chance(8)) return { ...shape, size: shape.size + 1 };
      return rename(genes, shape);
    case 'enum': {
      const symbols = genes.chance(15)
        ? [...shape.symbols, 'X']
        : genes.chance(15) && shape.symbols.length > 1
          ? shape.symbols.slice(1)
          : shape.symbols;
      const [first] = symbols;
      const { default: _dropped, ...rest } = shape;
      const kept = genes.chance(40) && first !== undefined ? { default: first } : {};
      return rename(genes, { ...rest, symbols, ...kept });
    }
    case 'record':
      return rename(genes, { ...shape, fields: evolveFields(genes, shape.fields) });
  }
}

function evolvePlain(genes: Genes, shape: Shape & { readonly kind: 'plain' }): Shape {
  const wider: Readonly<Record<string, string>> = {
    int: 'long',
    long: 'double',
    string: 'bytes',
    bytes: 'string',
  };
  const type = wider[shape.type];
  switch (genes.below(4)) {
    case 0: {
      const logical = growLogical(genes, shape.type);
      return { kind: 'plain', type: shape.type, ...(logical !== undefined && { logical }) };
    }
    case 1:
    case 2:
      return type === undefined ? shape : { kind: 'plain', type };
    default:
      return growType(genes, 3);
  }
}

function nullable(genes: Genes, shape: Shape): Shape {
  if (!genes.chance(6)) return shape;
  return { kind: 'union', branches: [{ kind: 'plain', type: 'null' }, shape] };
}

function evolveBranches(genes: Genes, branches: readonly Shape[]): readonly Shape[] {
  const kept = genes.chance(8) && branches.length > 1 ? branches.slice(1) : branches;
  const added = genes.chance(20) ? [growType(genes, 3)] : [];
  return [...kept.map((branch) => evolveBranch(genes, branch)), ...added];
}

/** A branch must not become a union. */
function evolveBranch(genes: Genes, branch: Shape): Shape {
  const evolved = evolveShape(genes, branch);
  return evolved.kind === 'union' ? branch : evolved;
}

function evolveFields(genes: Genes, fields: readonly FieldShape[]): readonly FieldShape[] {
  const kept = fields.flatMap((field): readonly FieldShape[] => {
    if (genes.chance(8)) return [];
    const type = evolveShape(genes, field.type);
    if (genes.chance(8)) return [{ name: `${field.name}_new`, aliases: [field.name], type }];
    return [{ ...field, type }];
  });
  if (genes.chance(12)) {
    kept.push({ name: 'added', type: { kind: 'plain', type: 'string' }, default: '' });
  }
  if (genes.chance(5)) kept.push({ name: 'demanded', type: growType(genes, 3) });
  return kept;
}

/** With an alias, as it should be, or into another namespace, which is no other name to a reader. */
function rename<T extends Shape & { readonly name: string }>(genes: Genes, shape: T): T {
  if (!genes.chance(6)) return shape;
  if (genes.chance(30)) return { ...shape, name: `moved.${shape.name.split('.').at(-1) ?? ''}` };
  return { ...shape, name: `${shape.name}N`, ...(genes.chance(70) && { aliases: [shape.name] }) };
}
