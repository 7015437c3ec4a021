import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isUnionType,
} from 'graphql';
import type { Random } from './random.ts';

/** A query with what a client would send along. Most are valid. */
export interface RandomOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Makes up a query of a schema: aliases, fragments of all kinds, arguments, conditions by variables with and without defaults. */
export function randomOperation(schema: GraphQLSchema, random: Random, deepest = 5): RandomOperation {
  const definitions: string[] = [];
  const variables: Record<string, unknown> = {};
  const fragments: string[] = [];
  let names = 0;
  const fresh = (prefix: string): string => {
    names += 1;
    return `${prefix}${names}`;
  };

  const condition = (): string => {
    if (!random.chance(0.1)) return '';
    const directive = random.chance(0.5) ? 'include' : 'skip';
    if (random.chance(0.3)) return ` @${directive}(if: ${random.chance(0.5)})`;
    const name = fresh('c');
    const withDefault = random.chance(0.5);
    definitions.push(withDefault ? `$${name}: Boolean = ${random.chance(0.5)}` : `$${name}: Boolean!`);
    if (!withDefault || random.chance(0.5)) variables[name] = random.chance(0.5);
    return ` @${directive}(if: $${name})`;
  };

  const argumentsOf = (args: readonly GraphQLArgument[]): string => {
    const given = args.filter((arg) => isNonNullType(arg.type) || random.chance(0.2));
    if (given.length === 0) return '';
    return `(${given.map(({ name, type }) => `${name}: ${literal(type, random)}`).join(', ')})`;
  };

  const field = (definition: GraphQLField<unknown, unknown>, depth: number): string => {
    const args = argumentsOf(definition.args);
    const alias = args !== '' || random.chance(0.2) ? `${fresh('f')}: ` : '';
    const type = getNamedType(definition.type);
    const inner = isCompositeType(type) ? ` ${selections(type, depth + 1)}` : '';
    return `${alias}${definition.name}${args}${condition()}${inner}`;
  };

  const selections = (type: GraphQLNamedOutputType, depth: number): string => {
    const chosen: string[] = [];
    const fields = isUnionType(type) || !('getFields' in type) ? [] : Object.values(type.getFields());
    for (const definition of fields) {
      if (depth >= deepest && isCompositeType(getNamedType(definition.type))) continue;
      if (random.chance(depth === 0 ? 0.25 : 0.5)) chosen.push(field(definition, depth));
      if (random.chance(0.03)) chosen.push(`... ${condition()} { ${field(definition, depth)} }`);
    }
    if (isCompositeType(type) && 'getTypes' in type === false && depth > 0 && random.chance(0.1)) {
      const name = fresh('F');
      fragments.push(`fragment ${name} on ${type.name} ${selections(type, depth + 1)}`);
      chosen.push(`...${name}${condition()}`);
    }
    if (isCompositeType(type) && depth < deepest) {
      const possible = 'getInterfaces' in type && !('resolveType' in type) ? [] : possibleTypes(schema, type);
      for (const object of possible) {
        if (random.chance(0.6))
          chosen.push(`... on ${object.name}${condition()} ${selections(object, depth + 1)}`);
      }
    }
    if (chosen.length === 0 || random.chance(0.2)) {
      chosen.push(random.chance(0.2) ? `${fresh('t')}: __typename` : '__typename');
    }
    return `{ ${chosen.join(' ')} }`;
  };

  const root = schema.getQueryType();
  const body = root == null ? '{ __typename }' : selections(root, 0);
  const head = definitions.length === 0 ? 'query Random' : `query Random(${definitions.join(', ')})`;
  return { query: [`${head} ${body}`, ...fragments].join('\n'), variables };
}

function possibleTypes(schema: GraphQLSchema, type: GraphQLNamedOutputType) {
  return 'resolveType' in type ? schema.getPossibleTypes(type) : [];
}

function literal(type: GraphQLInputType, random: Random): string {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return `[${literal(nullable.ofType, random)}]`;
  if (isEnumType(nullable)) return random.pick(nullable.getValues())?.name ?? 'null';
  if (isInputObjectType(nullable)) {
    const fields = Object.values(nullable.getFields()).filter((field) => isNonNullType(field.type));
    return `{${fields.map((field) => `${field.name}: ${literal(field.type, random)}`).join(', ')}}`;
  }
  switch (nullable.name) {
    case 'Int':
      return String(1 + random.below(3));
    case 'Float':
      return '1.5';
    case 'Boolean':
      return String(random.chance(0.5));
    default:
      return `"${random.pick(['a', 'b', 'c'])}"`;
  }
}
