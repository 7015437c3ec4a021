import {
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

/** How much one operation asks for, with every fragment counted where it is spread. */
export interface OperationMeasure {
  /** Levels of fields; a root field is at level 1. */
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly rootAliases: number;
  readonly directives: number;
  readonly fields: number;
}

type Measure = OperationMeasure;
const nothing: Measure = { depth: 0, aliases: 0, rootFields: 0, rootAliases: 0, directives: 0, fields: 0 };

/**
 * Measures an operation (or a fragment that none spreads) without expanding it: a fragment is measured once, however often
 * it is spread, so a text of a few lines cannot make this slow. Introspection is left out of the depth: it nests deeply by
 * nature, and has a rule of its own (graphql's MaxIntrospectionDepthRule). A cycle of fragments ends where it closes;
 * another rule refuses it.
 */
export function measureOperation(
  definition: OperationDefinitionNode | FragmentDefinitionNode,
  fragmentNamed: (name: string) => FragmentDefinitionNode | null | undefined,
): OperationMeasure {
  const known = new Map<string, Measure>();

  const ofFragment = (name: string): Measure => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const fragment = fragmentNamed(name);
    // Stands while the fragment is being measured: what a cycle finds.
    known.set(name, nothing);
    const measure = fragment ? ofSelections(fragment.selectionSet) : nothing;
    known.set(name, measure);
    return measure;
  };

  const ofSelections = ({ selections }: SelectionSetNode): Measure => {
    let sum = nothing;
    for (const selection of selections) {
      sum = withDirectives(sum, selection);
      if (selection.kind === Kind.FIELD) {
        const inner = selection.selectionSet ? ofSelections(selection.selectionSet) : nothing;
        const introspects = selection.name.value === '__schema' || selection.name.value === '__type';
        const aliased = selection.alias ? 1 : 0;
        sum = add(sum, {
          depth: introspects ? 1 : inner.depth + 1,
          aliases: inner.aliases + aliased,
          rootFields: 1,
          rootAliases: aliased,
          directives: inner.directives,
          fields: inner.fields + 1,
        });
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        sum = add(sum, ofSelections(selection.selectionSet));
      } else {
        sum = add(sum, ofFragment(selection.name.value));
      }
    }
    return sum;
  };

  const variables = definition.kind === Kind.OPERATION_DEFINITION ? definition.variableDefinitions : [];
  return [definition, ...(variables ?? [])].reduce(withDirectives, ofSelections(definition.selectionSet));
}

function withDirectives(measure: Measure, node: { readonly directives?: readonly unknown[] }): Measure {
  const count = node.directives?.length ?? 0;
  return count === 0 ? measure : { ...measure, directives: measure.directives + count };
}

function add(a: Measure, b: Measure): Measure {
  return {
    depth: Math.max(a.depth, b.depth),
    aliases: a.aliases + b.aliases,
    rootFields: a.rootFields + b.rootFields,
    rootAliases: a.rootAliases + b.rootAliases,
    directives: a.directives + b.directives,
    fields: a.fields + b.fields,
  };
}
