import type { Axis } from '../../check-rules.ts';
import type { ProtoType, ScalarType } from '../proto-file.ts';
import { type ProtobufField, resolveProtoType } from '../protobuf-schema.ts';
import { isSameDefinition } from './same-definition.ts';
import type { StrictComparison } from './strict-comparison.ts';

/** The mildest axis that a change of type breaks; undefined if the type is the same. */
export function typeAxis(
  comparison: StrictComparison,
  reader: ProtobufField,
  writer: ProtobufField,
): Axis | undefined {
  if (reader.isDelimited !== writer.isDelimited && isMessage(comparison, reader, writer)) return 'WIRE';
  return axisOf(comparison, reader.type, writer.type);
}

function axisOf(comparison: StrictComparison, reader: ProtoType, writer: ProtoType): Axis | undefined {
  if (reader.kind === 'map' && writer.kind === 'map') {
    const key = scalarAxis(reader.key, writer.key);
    const value = axisOf(comparison, reader.value, writer.value);
    return worse(key, value);
  }
  const mine = resolveProtoType(comparison.reader, reader);
  const theirs = resolveProtoType(comparison.writer, writer);
  if (mine.kind === 'scalar' && theirs.kind === 'scalar') return scalarAxis(mine.scalar, theirs.scalar);
  if (mine.kind === 'message' && theirs.kind === 'message') {
    return isSameDefinition(mine.message, theirs.message) ? undefined : 'WIRE';
  }
  if (mine.kind === 'enum' && theirs.kind === 'enum') {
    if (isSameDefinition(mine.enum, theirs.enum)) return undefined;
    return mine.enum.name === theirs.enum.name && comparison.enums.covers(mine.enum, theirs.enum)
      ? 'SOURCE'
      : 'WIRE';
  }
  // A map against the message behind it is told as a change of cardinality.
  if (isMapEntry(mine.kind, theirs.kind)) return undefined;
  return 'WIRE';
}

function isMapEntry(reader: string, writer: string): boolean {
  return (reader === 'map' && writer === 'message') || (reader === 'message' && writer === 'map');
}

/** Scalars whose bytes may be read as each other (Protocol Buffers, "Updating A Message Type"). */
const wireGroups: Readonly<Record<ScalarType, string>> = {
  int32: 'varint',
  int64: 'varint',
  uint32: 'varint',
  uint64: 'varint',
  bool: 'varint',
  sint32: 'zigzag',
  sint64: 'zigzag',
  fixed32: 'fixed32',
  sfixed32: 'fixed32',
  fixed64: 'fixed64',
  sfixed64: 'fixed64',
  float: 'float',
  double: 'double',
  string: 'string',
  bytes: 'bytes',
};

function scalarAxis(reader: ScalarType, writer: ScalarType): Axis | undefined {
  if (reader === writer) return undefined;
  // Every text is bytes; not all bytes are text. In JSON bytes are base64.
  if (reader === 'bytes' && writer === 'string') return 'JSON';
  if (wireGroups[reader] !== wireGroups[writer]) return 'WIRE';
  return reader === 'bool' || writer === 'bool' ? 'JSON' : 'SOURCE';
}

const severity = { WIRE: 3, JSON: 2, SOURCE: 1 } as const;

function worse(a: Axis | undefined, b: Axis | undefined): Axis | undefined {
  if (a === undefined) return b;
  if (b === undefined) return a;
  return severity[a] >= severity[b] ? a : b;
}

function isMessage(comparison: StrictComparison, reader: ProtobufField, writer: ProtobufField): boolean {
  const [mine, theirs] = [
    resolveProtoType(comparison.reader, reader.type),
    resolveProtoType(comparison.writer, writer.type),
  ];
  return mine.kind === 'message' && theirs.kind === 'message';
}
