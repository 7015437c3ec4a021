import { type GraphQLSchema, isAbstractType, isInterfaceType } from 'graphql';

/** The names of the types that a type condition holds for: the type itself, and what is one. */
export function typesOf(schema: GraphQLSchema, condition: string): ReadonlySet<string> {
  const names = new Set([condition]);
  const type = schema.getType(condition);
  if (!isAbstractType(type)) return names;
  for (const { name } of schema.getPossibleTypes(type)) names.add(name);
  // An object of a subgraph that knows the interface alone (an interface object) carries the name of an interface.
  if (isInterfaceType(type)) {
    for (const { name } of schema.getImplementations(type).interfaces) names.add(name);
  }
  return names;
}
