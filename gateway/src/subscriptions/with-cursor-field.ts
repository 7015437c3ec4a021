import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** Under this name the gateway asks each item of a stream for its cursor, whatever the client selects. */
export const cursorAlias = '_spineCursor';
/** And under this one what kind of item it is. */
export const itemAlias = '_spineItem';

/**
 * The same document, with the cursor and the type asked of every item of a subscription. Only the plan is made of it: the answer is
 * shaped by the client's own document, so the client sees no difference. Streams whose items have no cursor stay as they are.
 */
export function withCursorField(schema: GraphQLSchema, document: DocumentNode): DocumentNode {
  const root = schema.getSubscriptionType();
  const types = new TypeInfo(schema);
  return visit(
    document,
    visitWithTypeInfo(types, {
      Field(field) {
        if (types.getParentType() !== root || field.selectionSet === undefined) return undefined;
        const item = getNamedType(types.getType());
        const hasCursor = (isObjectType(item) || isInterfaceType(item)) && 'cursor' in item.getFields();
        if (!hasCursor || !isCompositeType(item)) return false;
        return {
          ...field,
          selectionSet: {
            ...field.selectionSet,
            selections: [
              ...field.selectionSet.selections,
              aliased(cursorAlias, 'cursor'),
              aliased(itemAlias, '__typename'),
            ],
          },
        };
      },
    }),
  );
}

function aliased(alias: string, name: string): FieldNode {
  return {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: alias },
    name: { kind: Kind.NAME, value: name },
  };
}
