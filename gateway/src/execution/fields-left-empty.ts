import type { FetchNode } from '@apollo/query-planner';
import { type GraphQLSchema, Kind, parse, type SelectionNode } from 'graphql';
import { typesOf } from './type-condition.ts';

/**
 * The response names that a fetch would have filled of an object, had an answer come: all of its root fields, or of an
 * entity those that are asked of its type. Read from the fetch's text when first needed, which is seldom.
 */
export function fieldsLeftEmpty(
  { operation, operationDocumentNode, requires }: FetchNode,
  schema: GraphQLSchema,
): (typename: unknown) => readonly string[] {
  let known: readonly SelectionNode[] | undefined;
  const selections = (): readonly SelectionNode[] => {
    const { definitions } = operationDocumentNode ?? parse(operation);
    const asked = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    const roots = asked?.selectionSet.selections ?? [];
    const [entities] = roots;
    if (requires === undefined) return roots;
    return (entities?.kind === Kind.FIELD && entities.selectionSet?.selections) || [];
  };
  return (typename) => {
    known ??= selections();
    return namesOf(known, typename, schema);
  };
}

function namesOf(
  selections: readonly SelectionNode[],
  typename: unknown,
  schema: GraphQLSchema,
): readonly string[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) {
      return selection.name.value === '__typename' ? [] : [selection.alias?.value ?? selection.name.value];
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
    const condition = selection.typeCondition?.name.value;
    const applies =
      condition === undefined || typeof typename !== 'string' || typesOf(schema, condition).has(typename);
    return applies ? namesOf(selection.selectionSet.selections, typename, schema) : [];
  });
}
