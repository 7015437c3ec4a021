import { type GraphQLSchema, Kind, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { Graph } from '../graph/create-graph.ts';
import { perGraph } from '../graph/per-graph.ts';
import { relativesOf, selectionsOf, setsOf } from './field-sets.ts';

/** How the planner may ask for a field by itself: `plain`, or also with arguments of its own. */
export type Required = 'plain' | 'with arguments';

/** Whether the planner may ask for a field of that name on objects of the type, since a key or a `@requires` names it. */
export type RequiredNames = (typename: string, name: string) => Required | undefined;

/** Reads what the keys and the `@requires` of a supergraph name. */
export const requiredNames: (graph: Graph) => RequiredNames = perGraph(({ sdl, supergraphSchema }) => {
  const required = collectRequired(sdl, supergraphSchema);
  const relatives = new Map<string, readonly string[]>();
  return (typename, name) => {
    let found: Required | undefined;
    const known = relatives.get(typename) ?? relativesOf(supergraphSchema, typename);
    relatives.set(typename, known);
    for (const relative of known) {
      const how = required.get(relative)?.get(name);
      if (how !== undefined && found !== 'with arguments') found = how;
    }
    return found;
  };
});

function collectRequired(sdl: string, schema: GraphQLSchema): Map<string, Map<string, Required>> {
  const required = new Map<string, Map<string, Required>>();
  const readSet = (typename: string, fields: string): void => {
    const types = new TypeInfo(schema, schema.getType(typename));
    const note = (name: string, how: Required): void => {
      const parent = types.getParentType()?.name ?? typename;
      const names = required.get(parent) ?? new Map<string, Required>();
      required.set(parent, names);
      if (names.get(name) !== 'with arguments') names.set(name, how);
    };
    visit(
      selectionsOf(fields),
      visitWithTypeInfo(types, {
        Field({ name, arguments: given = [] }) {
          note(name.value, given.length > 0 ? 'with arguments' : 'plain');
        },
      }),
    );
  };
  for (const definition of parse(sdl, { noLocation: true }).definitions) {
    if (!('fields' in definition) || definition.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) continue;
    const typename = definition.name.value;
    const onFields = (definition.fields ?? []).flatMap(({ directives }) =>
      setsOf(directives, 'join__field', 'requires'),
    );
    for (const fields of [...setsOf(definition.directives, 'join__type', 'key'), ...onFields]) {
      readSet(typename, fields);
    }
  }
  return required;
}
