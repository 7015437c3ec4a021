import {
  type DirectiveNode,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';

/** The field sets that a directive gives in an argument. */
export function setsOf(
  directives: readonly DirectiveNode[] = [],
  directive: string,
  argument: string,
): readonly string[] {
  return directives
    .filter(({ name }) => name.value === directive)
    .flatMap(({ arguments: given = [] }) => given)
    .flatMap(({ name, value }) =>
      name.value === argument && value.kind === Kind.STRING ? [value.value] : [],
    );
}

/** The selections of a field set. */
export function selectionsOf(fields: string): SelectionSetNode {
  const [operation] = parse(`{ ${fields} }`, { noLocation: true }).definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION
    ? operation.selectionSet
    : { kind: Kind.SELECTION_SET, selections: [] };
}

/** The types that an object of the type may also be seen as. */
export function relativesOf(schema: GraphQLSchema, typename: string): readonly string[] {
  const type = schema.getType(typename);
  if (!isCompositeType(type)) return [typename];
  const objects = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  const interfaces = objects.flatMap((object) => object.getInterfaces());
  return [...new Set([typename, ...objects.map(({ name }) => name), ...interfaces.map(({ name }) => name)])];
}
