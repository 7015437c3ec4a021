import {
  type DocumentNode,
  type FieldNode,
  Kind,
  parse,
  print,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Graph } from '../graph/create-graph.ts';
import { perGraph } from '../graph/per-graph.ts';
import { relativesOf, selectionsOf, setsOf } from './field-sets.ts';

/** The fields of the graph whose `@requires` ask for one field with different arguments, each with those it cannot go with. */
type Opposed = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Splits a query whose fields require one field with different arguments: the planner would ask for it once, and give both the
 * same. Each part holds what goes together; nearly every document is one part.
 */
export function splitOpposed(graph: Graph, document: DocumentNode): readonly DocumentNode[] {
  const opposed = opposedFields(graph);
  if (opposed.size === 0) return [document];
  const parts: Set<string>[] = [new Set()];
  const partOf = (coordinates: readonly string[]): number => {
    const clashes = (part: ReadonlySet<string>) =>
      coordinates.some((one) => [...part].some((other) => opposed.get(one)?.has(other) === true));
    const known = parts.findIndex((part) => !clashes(part));
    const found = known === -1 ? parts.push(new Set()) - 1 : known;
    for (const coordinate of coordinates) parts[found]?.add(coordinate);
    return found;
  };
  const places = new Map<FieldNode, number>();
  const types = new TypeInfo(graph.schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field(field) {
        const parent = types.getParentType()?.name;
        if (parent === undefined) return;
        const coordinates = relativesOf(graph.supergraphSchema, parent)
          .map((typename) => `${typename}.${field.name.value}`)
          .filter((coordinate) => opposed.has(coordinate));
        if (coordinates.length > 0) places.set(field, partOf(coordinates));
      },
    }),
  );
  return parts.map((_, part) => without(document, (field) => (places.get(field) ?? part) !== part));
}

function without(document: DocumentNode, leaveOut: (field: FieldNode) => boolean): DocumentNode {
  return visit(document, {
    SelectionSet(set: SelectionSetNode) {
      const selections = set.selections.filter(
        (selection) => selection.kind !== Kind.FIELD || !leaveOut(selection),
      );
      if (selections.length === set.selections.length) return undefined;
      const typename = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } } as const;
      return { ...set, selections: selections.length === 0 ? [typename] : selections };
    },
  });
}

const opposedFields: (graph: Graph) => Opposed = perGraph(({ sdl, supergraphSchema }) => {
  const requirements = new Map<string, ReadonlyMap<string, string>>();
  for (const definition of parse(sdl, { noLocation: true }).definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION)
      continue;
    for (const { name, directives } of definition.fields ?? []) {
      const required = new Map<string, string>();
      for (const fields of setsOf(directives, 'join__field', 'requires')) {
        const types = new TypeInfo(supergraphSchema, supergraphSchema.getType(definition.name.value));
        visit(
          selectionsOf(fields),
          visitWithTypeInfo(types, {
            Field({ name: { value }, arguments: given = [] }) {
              required.set(`${types.getParentType()?.name}.${value}`, given.map(print).sort().join());
            },
          }),
        );
      }
      if (required.size > 0) requirements.set(`${definition.name.value}.${name.value}`, required);
    }
  }
  const opposed = new Map<string, Set<string>>();
  for (const [one, needs] of requirements) {
    for (const [other, others] of requirements) {
      const differs = [...needs].some(([field, given]) => (others.get(field) ?? given) !== given);
      if (differs) opposed.set(one, (opposed.get(one) ?? new Set()).add(other));
    }
  }
  return opposed;
});
