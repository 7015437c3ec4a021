import { GraphQLError, type GraphQLSchema, getVariableValues } from 'graphql';
import type { Operation } from './operation.ts';

/** What is wrong with the variables that a client gave, in the words of graphql-js; none when they fit the operation. */
export function checkVariables(
  schema: GraphQLSchema,
  { definition, variables }: Operation,
): readonly GraphQLError[] {
  const { errors } = getVariableValues(schema, definition.variableDefinitions ?? [], variables, {
    maxErrors: 20,
  });
  return (errors ?? []).map(
    ({ message, nodes }) =>
      new GraphQLError(message, {
        ...(nodes !== undefined && { nodes }),
        extensions: { code: 'BAD_USER_INPUT' },
      }),
  );
}
