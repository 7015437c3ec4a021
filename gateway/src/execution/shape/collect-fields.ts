import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLUnionType,
  isAbstractType,
  isUnionType,
  Kind,
  type SelectionNode,
  valueFromASTUntyped,
} from 'graphql';

/** What the selections of one operation are read with. */
export interface Selecting {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Values of the variables that decide on @skip and @include. */
  readonly conditions: Readonly<Record<string, unknown>>;
}

export type CompositeType = GraphQLObjectType | GraphQLInterfaceType | GraphQLUnionType;

/** The fields selected of an object of this type, by response name (GraphQL, CollectFields). */
export function collectFields(
  selecting: Selecting,
  type: CompositeType,
  selections: readonly SelectionNode[],
  fields = new Map<string, FieldNode[]>(),
): Map<string, FieldNode[]> {
  for (const selection of selections) {
    if (!isSelected(selecting, selection)) continue;
    if (selection.kind === Kind.FIELD) {
      const name = selection.alias?.value ?? selection.name.value;
      const same = fields.get(name);
      if (same === undefined) fields.set(name, [selection]);
      else same.push(selection);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : selecting.fragments.get(selection.name.value);
    if (fragment === undefined || !applies(selecting, fragment.typeCondition?.name.value, type)) continue;
    collectFields(selecting, type, fragment.selectionSet.selections, fields);
  }
  return fields;
}

function isSelected({ conditions }: Selecting, { directives = [] }: SelectionNode): boolean {
  return directives.every(({ name, arguments: given = [] }) => {
    if (name.value !== 'skip' && name.value !== 'include') return true;
    const [condition] = given;
    const holds = condition !== undefined && valueFromASTUntyped(condition.value, conditions) === true;
    return name.value === 'include' ? holds : !holds;
  });
}

function applies({ schema }: Selecting, condition: string | undefined, type: CompositeType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const wanted = schema.getType(condition);
  return isAbstractType(wanted) && !isUnionType(type) && schema.isSubType(wanted, type);
}
