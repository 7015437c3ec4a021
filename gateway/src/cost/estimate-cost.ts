import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import type { Operation } from '../execution/operation.ts';
import { perGraph } from '../graph/per-graph.ts';
import { costModelOf, type FieldCost, type ListSize } from './cost-model.ts';

/** Items of a list that nobody says the size of. */
const unsizedList = 10;
/** Of each mutation: it is written, checked and audited. */
const mutationWeight = 10;
/** Of introspection: the whole schema is printed from memory. */
const introspectionWeight = 100;

type Variables = Readonly<Record<string, unknown>>;
type Count = (variables: Variables) => number;

// Documents are kept, and forgotten, by whoever validates them.
const estimates = perGraph(() => new WeakMap<OperationDefinitionNode, Count>());

/**
 * What an operation may cost at most, from its text and variables alone: an object 1, a leaf nothing, or what `@cost` says;
 * a list as often as its slicing argument or `@listSize` says; what is left out by @skip and @include nothing. Types that
 * exclude each other are added up. Compiled once for each operation.
 */
export function estimateCost(operation: Operation): number {
  const { graph, definition, variables } = operation;
  const known = estimates(graph);
  let count = known.get(definition);
  if (count === undefined) {
    count = compileCost(operation);
    known.set(definition, count);
  }
  return Math.max(1, Math.ceil(count(variables)));
}

function compileCost(operation: Operation): Count {
  const { graph, document, definition } = operation;
  const { schema } = graph;
  const model = costModelOf(graph);
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );

  function ofSelections(
    { selections }: SelectionSetNode,
    parent: GraphQLCompositeType,
    sizes: SizesOfFields,
  ): Count {
    const counts = selections.map((selection) =>
      whenIncluded(selection, ofSelection(selection, parent, sizes)),
    );
    return (variables) => counts.reduce((sum, count) => sum + count(variables), 0);
  }

  function ofSelection(selection: SelectionNode, parent: GraphQLCompositeType, sizes: SizesOfFields): Count {
    if (selection.kind === Kind.FIELD) return ofField(selection, parent, sizes);
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
    if (fragment === undefined) return nothing;
    const type = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value);
    return ofSelections(fragment.selectionSet, isCompositeType(type) ? type : parent, sizes);
  }

  function ofField(node: FieldNode, parent: GraphQLCompositeType, sizes: SizesOfFields): Count {
    const name = node.name.value;
    if (name === '__typename') return nothing;
    if (name.startsWith('__')) return () => introspectionWeight;
    const field = 'getFields' in parent ? parent.getFields()[name] : undefined;
    if (field === undefined) return nothing;
    const cost = fieldCostOf(parent, name);
    const type = getNamedType(field.type);
    const weight = cost?.weight ?? model.typeWeight(type.name) ?? (isCompositeType(type) ? 1 : 0);
    const given = new Set(node.arguments?.map((argument) => argument.name.value));
    const args = [...(cost?.args ?? [])].reduce((sum, [arg, of]) => (given.has(arg) ? sum + of : sum), 0);
    const mutation =
      definition.operation === OperationTypeNode.MUTATION && parent === schema.getMutationType()
        ? mutationWeight
        : 0;
    const own = cost?.list === undefined ? undefined : sizeOf(cost.list, node, field);
    const isList = isListType(getNullableType(field.type));
    const size = isList
      ? (sizes.get(name) ?? (cost?.list?.sized.length === 0 ? own : undefined) ?? (() => unsizedList))
      : () => 1;
    const below = new Map(own === undefined ? [] : (cost?.list?.sized ?? []).map((of) => [of, own] as const));
    const children =
      node.selectionSet && isCompositeType(type) ? ofSelections(node.selectionSet, type, below) : nothing;
    return (variables) => args + mutation + size(variables) * (weight + children(variables));
  }

  /** The subgraphs say it of objects; a field that is asked of an interface may be that of any of them. */
  function fieldCostOf(parent: GraphQLCompositeType, field: string): FieldCost | undefined {
    const own = model.fieldCost(parent.name, field);
    if (own !== undefined || !isAbstractType(parent)) return own;
    return schema
      .getPossibleTypes(parent)
      .map((type) => model.fieldCost(type.name, field))
      .find((cost) => cost !== undefined);
  }

  const defaults = Object.fromEntries(
    (definition.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)] as const],
    ),
  );
  const root = schema.getRootType(definition.operation);
  if (!root) return nothing;
  const count = ofSelections(definition.selectionSet, root, new Map());
  return (variables) => count({ ...defaults, ...variables });
}

/** How many items the fields of an object hold, as the field that leads to the object says. */
type SizesOfFields = ReadonlyMap<string, Count>;

const nothing: Count = () => 0;

/** The largest of the slicing arguments, else their defaults, else what the subgraph assumes. */
function sizeOf(
  { assumed, slicing }: ListSize,
  node: FieldNode,
  field: GraphQLField<unknown, unknown>,
): Count {
  const readers = slicing.map((name) => {
    const given = node.arguments?.find((argument) => argument.name.value === name)?.value;
    const fallback = field.args.find((argument) => argument.name === name)?.defaultValue;
    return (variables: Variables): unknown => (given && readValue(given, variables)) ?? fallback;
  });
  return (variables) => {
    const sizes = readers.map((read) => read(variables)).filter((value) => typeof value === 'number');
    return sizes.length > 0 ? Math.max(0, ...sizes) : (assumed ?? unsizedList);
  };
}

function readValue(node: ValueNode, variables: Variables): unknown {
  if (node.kind === Kind.VARIABLE) {
    return Object.hasOwn(variables, node.name.value) ? variables[node.name.value] : undefined;
  }
  return node.kind === Kind.INT ? Number(node.value) : undefined;
}

/** Counts a selection unless @skip or @include leaves it out; a condition that is not known yet leaves nothing out. */
function whenIncluded({ directives = [] }: SelectionNode, count: Count): Count {
  const conditions = directives.flatMap(({ name, arguments: [condition] = [] }) =>
    condition !== undefined && (name.value === 'skip' || name.value === 'include')
      ? [{ value: condition.value, leavesOut: name.value === 'skip' }]
      : [],
  );
  if (conditions.length === 0) return count;
  const isOut = (variables: Variables): boolean =>
    conditions.some(({ value, leavesOut }) => {
      const given = value.kind === Kind.BOOLEAN ? value.value : readValue(value, variables);
      return given === leavesOut;
    });
  return (variables) => (isOut(variables) ? 0 : count(variables));
}
