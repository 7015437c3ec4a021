import { type FragmentDefinitionNode, GraphQLError, Kind, type SelectionNode } from 'graphql';

/** The variables that @skip and @include depend on, in the selections and in the fragments that these spread. */
export function conditionVariables(
  selections: readonly SelectionNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly string[] {
  const names = new Set<string>();
  const seen = new Set<string>();
  const walk = (selected: readonly SelectionNode[]): void => {
    for (const selection of selected) {
      for (const { name, arguments: given = [] } of selection.directives ?? []) {
        if (name.value !== 'skip' && name.value !== 'include') continue;
        for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
      }
      if (selection.kind !== Kind.FRAGMENT_SPREAD) {
        walk(selection.selectionSet?.selections ?? []);
      } else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        walk(fragments.get(selection.name.value)?.selectionSet.selections ?? []);
      }
    }
  };
  walk(selections);
  return [...names].sort();
}

/** Their values. A nullable variable with a default may stand here by the specification, but its value may not be null. */
export function readConditions(
  names: readonly string[],
  variables: Readonly<Record<string, unknown>>,
): Readonly<Record<string, boolean>> {
  if (names.length === 0) return none;
  const conditions: Record<string, boolean> = Object.create(null);
  for (const name of names) {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (typeof value !== 'boolean') {
      throw new GraphQLError(`Variable "$${name}" decides on @skip or @include: it must be a Boolean.`, {
        extensions: { code: 'BAD_USER_INPUT' },
      });
    }
    conditions[name] = value;
  }
  return conditions;
}

const none = {};
