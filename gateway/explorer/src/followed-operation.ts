import { type DocumentNode, getOperationAST, Kind, type OperationDefinitionNode, parse } from 'graphql';

/**
 * The operation of a text that is to run; undefined where the text is no GraphQL, or holds several and none of that name.
 * GraphiQL's name is a moment behind its editor: a text with one operation means that one.
 */
export function findOperation(
  query: string,
  operationName: string | null | undefined,
): OperationDefinitionNode | undefined {
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch {
    return undefined;
  }
  return getOperationAST(document) ?? getOperationAST(document, operationName) ?? undefined;
}

/** Whether a subscription can go on where it was broken: it takes `$after`, and its items tell `__typename` and `cursor`. */
export function isResumable({ variableDefinitions = [], selectionSet }: OperationDefinitionNode): boolean {
  const [stream] = selectionSet.selections;
  if (stream?.kind !== Kind.FIELD || stream.selectionSet === undefined) return false;
  const selected = stream.selectionSet.selections.flatMap((selection) =>
    selection.kind === Kind.FIELD && selection.alias === undefined ? [selection.name.value] : [],
  );
  return (
    variableDefinitions.some(({ variable }) => variable.name.value === 'after') &&
    ['__typename', 'cursor'].every((name) => selected.includes(name))
  );
}
