import { type DirectiveNode, type FieldDefinitionNode, Kind, parse, valueFromASTUntyped } from 'graphql';
import { perGraph } from '../graph/per-graph.ts';

/** What `@listSize` says of a field (federation 2.9). */
export interface ListSize {
  /** Items when no slicing argument says it. */
  readonly assumed: number | undefined;
  /** Arguments that say how many items come. */
  readonly slicing: readonly string[];
  /** Fields of the answer that hold the items; empty: the field itself. */
  readonly sized: readonly string[];
}

/** What `@cost` and `@listSize` say of one field. */
export interface FieldCost {
  readonly weight: number | undefined;
  readonly list: ListSize | undefined;
  /** Weights of arguments, counted when they are given. */
  readonly args: ReadonlyMap<string, number>;
}

/** What the subgraphs say that their fields cost. */
export interface CostModel {
  typeWeight(type: string): number | undefined;
  fieldCost(type: string, field: string): FieldCost | undefined;
}

/** The costs that a supergraph tells, read once. */
export const costModelOf = perGraph(({ sdl }): CostModel => {
  const types = new Map<string, number>();
  const fields = new Map<string, FieldCost>();
  for (const definition of parse(sdl, { noLocation: true }).definitions) {
    if (!('name' in definition) || definition.name === undefined || !('directives' in definition)) continue;
    const type = definition.name.value;
    const weight = weightOf(definition.directives);
    if (weight !== undefined) types.set(type, weight);
    if (
      definition.kind !== Kind.OBJECT_TYPE_DEFINITION &&
      definition.kind !== Kind.INTERFACE_TYPE_DEFINITION
    ) {
      continue;
    }
    for (const field of definition.fields ?? []) {
      const cost = fieldCostOf(field);
      if (cost !== undefined) fields.set(`${type}.${field.name.value}`, cost);
    }
  }
  return {
    typeWeight: (type) => types.get(type),
    fieldCost: (type, field) => fields.get(`${type}.${field}`),
  };
});

function fieldCostOf({ directives, arguments: args = [] }: FieldDefinitionNode): FieldCost | undefined {
  const weight = weightOf(directives);
  const list = listSizeOf(directives);
  const weights = new Map(
    args.flatMap((argument) => {
      const own = weightOf(argument.directives);
      return own === undefined ? [] : [[argument.name.value, own] as const];
    }),
  );
  return weight === undefined && list === undefined && weights.size === 0
    ? undefined
    : { weight, list, args: weights };
}

function weightOf(directives: readonly DirectiveNode[] | undefined): number | undefined {
  const weight = argumentsOf(directives, 'cost')?.get('weight');
  return typeof weight === 'number' ? weight : undefined;
}

function listSizeOf(directives: readonly DirectiveNode[] | undefined): ListSize | undefined {
  const given = argumentsOf(directives, 'listSize');
  if (given === undefined) return undefined;
  const assumed = given.get('assumedSize');
  return {
    assumed: typeof assumed === 'number' ? assumed : undefined,
    slicing: textsOf(given.get('slicingArguments')),
    sized: textsOf(given.get('sizedFields')),
  };
}

/** Composition imports both directives by name; without the import they carry the name of their specification. */
function argumentsOf(
  directives: readonly DirectiveNode[] | undefined,
  name: 'cost' | 'listSize',
): ReadonlyMap<string, unknown> | undefined {
  const found = directives?.find(({ name: { value } }) => value === name || value === `cost__${name}`);
  return (
    found &&
    new Map(found.arguments?.map((argument) => [argument.name.value, valueFromASTUntyped(argument.value)]))
  );
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
