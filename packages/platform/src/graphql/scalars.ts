import { GraphQLScalarType, Kind } from 'graphql';

/** Opaque position in a stream or list; bound to the stream and filter that gave it. */
export const Cursor = new GraphQLScalarType<string, string>({
  name: 'Cursor',
  description: 'An opaque position in a stream or a list.',
  serialize: text,
  parseValue: text,
  parseLiteral: (node) => text(node.kind === Kind.STRING ? node.value : undefined),
});

/** RFC 3339 with milliseconds, UTC. */
export const DateTime = new GraphQLScalarType<Date | string, string>({
  name: 'DateTime',
  description: 'A point in time: RFC 3339, UTC.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: (value) => date(value).toISOString(),
  parseValue: date,
  parseLiteral: (node) => date(node.kind === Kind.STRING ? node.value : undefined),
});

function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError('expected a string');
}

function date(value: unknown): Date {
  const parsed = value instanceof Date ? value : typeof value === 'string' ? new Date(value) : undefined;
  if (parsed === undefined || Number.isNaN(parsed.getTime()))
    throw new TypeError('expected an RFC 3339 date-time');
  return parsed;
}
