import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

/** An opaque position to go on from. Serialised as it is; any text is taken, who issued it checks it. */
export const Cursor = new GraphQLScalarType<string, string>({
  name: 'Cursor',
  description: 'An opaque position to go on from, as it was handed out.',
  serialize: (value) => String(value),
  parseValue: requireText,
  parseLiteral: (node) => requireText(literalText(node)),
});

/** A moment: ISO 8601 with milliseconds in UTC outside, Date inside. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'A moment as ISO 8601 in UTC with milliseconds.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: (value) => {
    const date = value instanceof Date ? value : new Date(String(value));
    if (Number.isNaN(date.getTime())) throw new GraphQLError('DateTime cannot represent an invalid date');
    return date.toISOString();
  },
  parseValue: requireDate,
  parseLiteral: (node) => requireDate(literalText(node)),
});

/** Any JSON value; for what is a document of another system, never for what has a shape of ours. */
export const JSONValue = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node, variables) => literalJson(node, variables ?? {}),
});

function literalText(node: ValueNode): unknown {
  return node.kind === Kind.STRING ? node.value : undefined;
}

function requireText(value: unknown): string {
  if (typeof value !== 'string') throw new GraphQLError('expected a text');
  return value;
}

function requireDate(value: unknown): Date {
  const isMoment =
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value);
  const date = isMoment ? new Date(value) : new Date(Number.NaN);
  if (Number.isNaN(date.getTime()))
    throw new GraphQLError('expected a moment as ISO 8601, like 2026-01-31T12:00:00Z');
  return date;
}

function literalJson(node: ValueNode, variables: Readonly<Record<string, unknown>>): unknown {
  switch (node.kind) {
    case Kind.VARIABLE:
      return variables[node.name.value];
    case Kind.NULL:
      return null;
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.LIST:
      return node.values.map((value) => literalJson(value, variables));
    case Kind.OBJECT:
      return Object.fromEntries(
        node.fields.map((field) => [field.name.value, literalJson(field.value, variables)]),
      );
    default:
      return node.value;
  }
}
