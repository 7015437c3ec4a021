import { executeSync, type FieldNode, Kind } from 'graphql';
import type { Operation } from './operation.ts';
import type { PlanNames } from './plan-names.ts';
import { type Tree, writeMember } from './tree.ts';

/** Answers `__schema` and `__type` by the graph that clients see, into what the plan gathers. */
export function introspect(
  { graph, document, definition, variables }: Operation,
  fields: readonly FieldNode[],
  names: PlanNames,
  root: Tree,
): void {
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const asked = { ...definition, selectionSet: { kind: Kind.SELECTION_SET, selections: fields } } as const;
  const { data, errors = [] } = executeSync({
    schema: graph.schema,
    document: { kind: Kind.DOCUMENT, definitions: [asked, ...fragments] },
    variableValues: variables,
  });
  const [error] = errors;
  if (error !== undefined) throw error;
  for (const field of fields) {
    writeMember(root, names.field(field), data?.[field.alias?.value ?? field.name.value]);
  }
}
