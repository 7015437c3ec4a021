import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  parseConstValue,
  visit,
} from 'graphql';
import { usualPage } from './connection.ts';

/**
 * Says of every page of the schema how large it is (`@listSize`, federation 2.9), so that the gateway can tell what an
 * operation costs before it runs: a field with an argument `first` answers as many items as that says, in each list of the
 * object it answers. Nobody has to think of it for a new connection, and none can be forgotten.
 */
export function sizeLists(typeDefs: DocumentNode, schema: GraphQLSchema): DocumentNode {
  return visit(typeDefs, {
    FieldDefinition(field) {
      const sized = listsOfPage(field, schema);
      const said = field.directives?.some(({ name }) => name.value === 'listSize') === true;
      if (sized.length === 0 || said) return undefined;
      return { ...field, directives: [...(field.directives ?? []), pageSize(sized)] };
    },
  });
}

function listsOfPage(field: FieldDefinitionNode, schema: GraphQLSchema): readonly string[] {
  if (!field.arguments?.some(({ name }) => name.value === 'first')) return [];
  if (field.type.kind === Kind.LIST_TYPE) return [];
  const name = field.type.kind === Kind.NON_NULL_TYPE ? field.type.type : field.type;
  const type = name.kind === Kind.NAMED_TYPE ? schema.getType(name.name.value) : undefined;
  if (!isObjectType(type)) return [];
  return Object.values(type.getFields())
    .filter(
      (member) => isListType(getNullableType(member.type)) && isCompositeType(getNamedType(member.type)),
    )
    .map((member) => member.name);
}

function pageSize(sized: readonly string[]): ConstDirectiveNode {
  const given: readonly (readonly [string, string])[] = [
    ['assumedSize', String(usualPage)],
    ['slicingArguments', '["first"]'],
    ['sizedFields', JSON.stringify(sized)],
    ['requireOneSlicingArgument', 'false'],
  ];
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'listSize' },
    arguments: given.map(([name, value]) => ({
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: name },
      value: parseConstValue(value, { noLocation: true }),
    })),
  };
}
