import { type DocumentNode, type GraphQLFormattedError, Kind, type SelectionNode } from 'graphql';
import { isRecord } from '../../links/is-record.ts';

export interface FailedFetch {
  /** The operation that was sent to the subgraph. */
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

const mostErrors = 20;

/**
 * The errors for a fetch that got no answer: one for each field that stays empty by it, so that a client sees which
 * parts of its answer are missing and why. Paths are the subgraph's own; the executor turns them into the client's.
 */
export function fetchFailure(
  { document, variables }: FailedFetch,
  {
    message,
    code,
    fix,
  }: { readonly message: string; readonly code: string; readonly fix?: string | undefined },
): readonly GraphQLFormattedError[] {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const selections = operation?.selectionSet.selections ?? [];
  return pathsOf(selections, variables)
    .slice(0, mostErrors)
    .map((path) => ({ message, path, extensions: { code, ...(fix !== undefined && { fix }) } }));
}

function pathsOf(
  selections: readonly SelectionNode[],
  variables: Readonly<Record<string, unknown>>,
): readonly (readonly (string | number)[])[] {
  const [first] = selections;
  const representations = variables['representations'];
  if (first?.kind !== Kind.FIELD || first.name.value !== '_entities' || !Array.isArray(representations)) {
    return fieldNames(selections, undefined).map((name) => [name]);
  }
  return representations.flatMap((representation: unknown, index) => {
    const typename = isRecord(representation) ? representation['__typename'] : undefined;
    const names = fieldNames(first.selectionSet?.selections ?? [], typename);
    return names.map((name) => ['_entities', index, name]);
  });
}

/** Response names of the fields asked of an object; under a type condition only when the object is of that type. */
function fieldNames(selections: readonly SelectionNode[], typename: unknown): readonly string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) {
      return selection.name.value === '__typename' ? [] : [selection.alias?.value ?? selection.name.value];
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    const condition = selection.typeCondition?.name.value;
    const applies = condition === undefined || typename === undefined || condition === typename;
    return applies ? fieldNames(selection.selectionSet.selections, typename) : [];
  });
}
