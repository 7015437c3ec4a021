import type { Witness } from '../incompatibility.ts';
import type { FieldPair, MessagePair } from './match-schemas.ts';
import type { ProtoType, ScalarType } from './proto-file.ts';
import {
  type ProtobufField,
  type ProtobufMessage,
  type ProtobufSchema,
  type ResolvedType,
  resolveProtoType,
} from './protobuf-schema.ts';
import { scalarGroups } from './scalar-groups.ts';
import { protoTypeText } from './type-text.ts';
import { sampleValue, writtenMessage } from './witness.ts';

/** A message of the writer whose field the reader takes for something else, and what it takes it for. */
export function fieldWitness(
  schemas: { readonly reader: ProtobufSchema; readonly writer: ProtobufSchema },
  pair: MessagePair,
  { reader, writer }: FieldPair,
): Witness | undefined {
  const mine = valueText(reader);
  if (reader.presence === 'required' && writer.presence !== 'required' && !writer.isRepeated) {
    const why = `the reader refuses a message without the required field ${reader.name}`;
    return writtenMessage(schemas.writer, pair.writer, [], new Map(), why);
  }
  if (writer.isRepeated && !reader.isRepeated && writer.type.kind !== 'map') {
    const value = sampleValue(schemas.writer, writer.type);
    if (value === undefined) return undefined;
    const why = `the reader takes ${reader.name} for ${mine} and keeps one value at most`;
    return writtenMessage(schemas.writer, pair.writer, [writer], new Map([[writer, [value, value]]]), why);
  }
  const written = resolveProtoType(schemas.writer, writer.type);
  const read = resolveProtoType(schemas.reader, reader.type);
  if (written.kind === 'message' && read.kind === 'message') {
    return messageWitness(schemas.writer, pair, writer, { reader: read.message, writer: written.message });
  }
  if (read.kind === 'enum' && written.kind === 'scalar' && isNumber(written.scalar)) {
    // A number that the enum does not know stays a number: only one that it knows turns into a name.
    const named = read.enum.values.slice(0, maxCompared).find((value) => value.number !== 0);
    if (named === undefined) return undefined;
    const value = writer.isRepeated ? [named.number] : named.number;
    const why = `the reader takes ${named.number} in ${writer.name} for ${named.name}`;
    return writtenMessage(schemas.writer, pair.writer, [writer], new Map([[writer, value]]), why);
  }
  const what = `what was written as ${valueText(writer)} in ${writer.name}`;
  const why =
    framingOf(written) === framingOf(read)
      ? `the reader takes ${what} for ${mine}`
      : `the reader finds no ${mine} in ${what} and drops it`;
  return writtenMessage(schemas.writer, pair.writer, [writer], new Map(), why);
}

function valueText({ type, isRepeated }: ProtobufField): string {
  const text = protoTypeText(type);
  return isRepeated && type.kind !== 'map' ? `a list of ${text}` : text;
}

/** How the bytes of a value are framed: a reader skips a value that is framed in another way than it expects. */
function framingOf(type: ResolvedType): 'varint' | '32 bits' | '64 bits' | 'length' {
  if (type.kind === 'enum') return 'varint';
  if (type.kind !== 'scalar') return 'length';
  switch (scalarGroups[type.scalar]) {
    case 'number':
    case 'zigzag':
      return 'varint';
    case 'fixed32':
    case 'float':
      return '32 bits';
    case 'fixed64':
    case 'double':
      return '64 bits';
    case 'text':
      return 'length';
  }
}

/** A witness is worth a look at two messages, not a search through them for every field that holds them. */
const maxCompared = 400;

/** Two messages of other names may still be read as each other: only a field that one of them lacks tells them apart. */
function messageWitness(
  schema: ProtobufSchema,
  pair: MessagePair,
  field: ProtobufField,
  messages: { readonly reader: ProtobufMessage; readonly writer: ProtobufMessage },
): Witness | undefined {
  if (messages.reader.fields.length + messages.writer.fields.length > maxCompared) return undefined;
  const known = new Map(messages.reader.fields.map((each) => [each.number, each]));
  const odd = messages.writer.fields.find((each) => isLost(known.get(each.number), each));
  if (odd === undefined) return undefined;
  const inner = writtenMessage(schema, messages.writer, [odd], new Map(), '');
  if (inner === undefined) return undefined;
  const { '@type': _type, ...value } = inner.datum;
  const why = `the reader takes ${field.name} for ${messages.reader.fullName} and does not see ${odd.name}`;
  const chosen = new Map([[field, field.isRepeated ? [value] : value]]);
  return writtenMessage(schema, pair.writer, [field], chosen, why);
}

function isNumber(scalar: ScalarType): boolean {
  return scalarGroups[scalar] === 'number' && scalar !== 'bool';
}

function isLost(reader: ProtobufField | undefined, writer: ProtobufField): boolean {
  return reader === undefined || groupOf(reader.type) !== groupOf(writer.type);
}

function groupOf(type: ProtoType): string {
  return type.kind === 'scalar' ? scalarGroups[type.scalar] : type.kind;
}
