import { getNamedType, isAbstractType, Kind, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { Operation } from '../execution/operation.ts';

/**
 * Every `Type.field` that an operation selects. A field of an interface is also that of each type behind it: taking it from one
 * of these would break the operation, too.
 */
export function fieldsOfOperation({ graph: { schema }, document, definition }: Operation): readonly string[] {
  const fields = new Set<string>();
  const types = new TypeInfo(schema);
  // Fragments of other operations in the document count as well; more is safer than less.
  const definitions = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  visit(
    { kind: Kind.DOCUMENT, definitions: [definition, ...definitions] },
    visitWithTypeInfo(types, {
      Field({ name: { value: name } }) {
        const parent = types.getParentType();
        if (parent == null || name.startsWith('__')) return;
        fields.add(`${parent.name}.${name}`);
        const type = getNamedType(parent);
        if (!isAbstractType(type)) return;
        for (const possible of schema.getPossibleTypes(type)) fields.add(`${possible.name}.${name}`);
      },
    }),
  );
  return [...fields];
}
