import {
  type DirectiveNode,
  type DocumentNode,
  isAbstractType,
  Kind,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Operation } from '../execution/operation.ts';
import { perGraph } from '../graph/per-graph.ts';

const none: readonly string[] = [];
// Documents are kept, and forgotten, by whoever validates them.
const known = perGraph(() => new WeakMap<DocumentNode, readonly string[]>());

/**
 * The fields of an operation's document that its subgraphs tag as `sensitive`, as `Type.field`, sorted. A field that is
 * asked of an interface is that of any of its types.
 */
export function sensitiveFields({ graph, document }: Operation): readonly string[] {
  const tagged = taggedFields(graph);
  if (tagged.size === 0) return none;
  const found = known(graph).get(document);
  if (found !== undefined) return found;
  const fields = new Set<string>();
  const info = new TypeInfo(graph.schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field({ name: { value } }) {
        const parent = info.getParentType();
        if (!parent) return;
        const types = isAbstractType(parent) ? [parent, ...graph.schema.getPossibleTypes(parent)] : [parent];
        for (const { name } of types) {
          if (tagged.has(`${name}.${value}`)) fields.add(`${name}.${value}`);
        }
      },
    }),
  );
  const sorted = [...fields].sort();
  known(graph).set(document, sorted);
  return sorted;
}

/** Fields with `@tag(name: "sensitive")`, and all fields of types that have it. */
const taggedFields = perGraph(({ sdl }): ReadonlySet<string> => {
  const fields = new Set<string>();
  for (const definition of parse(sdl, { noLocation: true }).definitions) {
    const { kind } = definition;
    if (kind !== Kind.OBJECT_TYPE_DEFINITION && kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    const whole = isTagged(definition.directives);
    for (const field of definition.fields ?? []) {
      if (whole || isTagged(field.directives)) fields.add(`${definition.name.value}.${field.name.value}`);
    }
  }
  return fields;
});

function isTagged(directives: readonly DirectiveNode[] | undefined): boolean {
  return (directives ?? []).some(
    ({ name, arguments: args = [] }) =>
      name.value === 'tag' &&
      args.some(({ value }) => value.kind === Kind.STRING && value.value === 'sensitive'),
  );
}
