import { GraphQLError, type GraphQLSchema, getVariableValues, valueFromASTUntyped } from 'graphql';
import type { Operation } from './operation.ts';

/**
 * Checks the variables that a client gave against the operation, in the words of graphql-js, and fills in the defaults
 * of those it did not give: graphql-jit 0.8.9, which runs the subgraphs, refuses a missing `$x: T! = default`. Values
 * stay as they were given; subgraphs coerce them.
 */
export function resolveVariables(
  schema: GraphQLSchema,
  operation: Operation,
): Operation | readonly GraphQLError[] {
  const { definition, variables } = operation;
  const definitions = definition.variableDefinitions ?? [];
  if (definitions.length === 0) return operation;
  const { errors } = getVariableValues(schema, definitions, variables, { maxErrors: 20 });
  if (errors !== undefined) {
    return errors.map(
      ({ message, nodes }) =>
        new GraphQLError(message, {
          ...(nodes !== undefined && { nodes }),
          extensions: { code: 'BAD_USER_INPUT' },
        }),
    );
  }
  const defaults = definitions.flatMap(({ variable: { name }, defaultValue }) =>
    defaultValue === undefined || isGiven(variables, name.value)
      ? []
      : [[name.value, valueFromASTUntyped(defaultValue)] as const],
  );
  if (defaults.length === 0) return operation;
  return { ...operation, variables: { ...variables, ...Object.fromEntries(defaults) } };
}

function isGiven(variables: Operation['variables'], name: string): boolean {
  return Object.hasOwn(variables, name) && variables[name] !== undefined;
}
