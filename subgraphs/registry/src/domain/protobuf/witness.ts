import type { Witness } from '../incompatibility.ts';
import type { ProtoType } from './proto-file.ts';
import {
  type ProtobufField,
  type ProtobufMessage,
  type ProtobufSchema,
  resolveProtoType,
} from './protobuf-schema.ts';

/** Enough for any real message; required fields in required fields multiply. */
const maxValues = 100;

/** A witness whose datum is a message. */
export interface MessageWitness extends Witness {
  readonly datum: Readonly<Record<string, unknown>>;
}

/** A value for a field instead of a sample of its type; null leaves it unset. */
export type ChosenValues = ReadonlyMap<ProtobufField, unknown>;

/**
 * A message that the writer can write, in the JSON form of google.protobuf.Any: `@type` names the message. It has the fields
 * asked for and the required ones. Undefined if that would be too large.
 */
export function writtenMessage(
  writer: ProtobufSchema,
  message: ProtobufMessage,
  fields: readonly ProtobufField[],
  chosen: ChosenValues,
  why: string,
): MessageWitness | undefined {
  const budget = { left: maxValues };
  const datum = sampleMessage(writer, message, fields, chosen, budget, 0);
  if (datum === undefined) return undefined;
  return { datum: { '@type': `type.googleapis.com/${message.fullName}`, ...datum }, why };
}

interface Budget {
  left: number;
}

function sampleMessage(
  schema: ProtobufSchema,
  message: ProtobufMessage,
  fields: readonly ProtobufField[],
  chosen: ChosenValues,
  budget: Budget,
  depth: number,
): Readonly<Record<string, unknown>> | undefined {
  const datum: Record<string, unknown> = {};
  for (const field of new Set([...message.requiredFields, ...fields])) {
    budget.left -= 1;
    if (budget.left < 0 || depth > maxValues) return undefined;
    const value = chosen.has(field) ? chosen.get(field) : sampleField(schema, field, budget, depth + 1);
    if (value === undefined) return undefined;
    if (value !== null) datum[field.jsonName] = value;
  }
  return datum;
}

function sampleField(schema: ProtobufSchema, field: ProtobufField, budget: Budget, depth: number): unknown {
  if (field.type.kind === 'map') {
    const value = sampleValue(schema, field.type.value, budget, depth);
    return value === undefined ? undefined : { [sampleKey(field.type.key)]: value };
  }
  const value = sampleValue(schema, field.type, budget, depth);
  return field.isRepeated && value !== undefined ? [value] : value;
}

/** A value of a type in its JSON form, other than the default where there is one: it is really on the wire. */
export function sampleValue(
  schema: ProtobufSchema,
  type: ProtoType,
  budget: Budget = { left: maxValues },
  depth = 0,
): unknown {
  const resolved = resolveProtoType(schema, type);
  switch (resolved.kind) {
    case 'scalar':
      return scalarSamples[resolved.scalar];
    case 'enum': {
      const values = resolved.enum.values;
      return (values.slice(0, maxValues).find((value) => value.number !== 0) ?? values[0])?.name;
    }
    case 'message':
      return sampleMessage(schema, resolved.message, [], new Map(), budget, depth);
    case 'map':
      return {};
  }
}

function sampleKey(key: string): string {
  if (key === 'string') return 'key';
  return key === 'bool' ? 'true' : '1';
}

/** 64-bit numbers are strings in JSON, bytes base64. */
const scalarSamples = {
  double: 1.5,
  float: 1.5,
  int32: 150,
  int64: '150',
  uint32: 150,
  uint64: '150',
  sint32: 150,
  sint64: '150',
  fixed32: 150,
  fixed64: '150',
  sfixed32: 150,
  sfixed64: '150',
  bool: true,
  // Not base64 by chance.
  string: 'a text',
  bytes: '/w==',
} as const;
