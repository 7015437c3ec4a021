import {
  maxFieldNumber,
  optionWord,
  type ProtoFile,
  type ScalarType,
} from '../../domain/protobuf/proto-file.ts';
import {
  type ProtobufField,
  type ProtobufFile,
  type ProtobufSchema,
  type ResolvedType,
  resolveProtoType,
} from '../../domain/protobuf/protobuf-schema.ts';
import { isOwn, noKeys } from './field-limits.ts';
import { invalidProto } from './invalid-proto.ts';

/** Refuses a field that a compiler refuses, its number and its names apart. */
export function validateField(
  schema: ProtobufSchema,
  file: ProtobufFile,
  field: ProtobufField,
  path: string,
): void {
  const place = { line: field.line, path };
  // A text is refused while it is read; a descriptor may hold any number and label.
  if (field.number < 0 || field.number > maxFieldNumber || isOwn(field.number)) {
    throw invalidProto(`${field.number} is no number for the field ${field.name}`, place);
  }
  if (field.label === 'required' && file.syntax !== 'proto2') {
    throw invalidProto(`only proto2 has required fields, as ${field.name} would be`, place);
  }
  const type = resolveProtoType(schema, field.type);
  if (type.kind === 'map' && noKeys.has(type.key)) {
    throw invalidProto(`${type.key} cannot be the key of the map ${field.name}`, place);
  }
  const value = type.kind === 'map' ? resolveProtoType(schema, type.value) : type;
  // Proto3 keeps numbers that a closed enum would drop.
  if (file.syntax === 'proto3' && value.kind === 'enum' && value.enum.isClosed) {
    throw invalidProto(
      `the field ${field.name} of proto3 uses the closed enum ${value.enum.fullName}`,
      place,
    );
  }
  if (field.default !== undefined) {
    const fault = defaultFault(file.syntax, field, type);
    if (fault !== undefined) throw invalidProto(`the default of the field ${field.name} ${fault}`, place);
  }
  if (
    optionWord(field.options, 'packed') !== undefined &&
    file.syntax !== 'editions' &&
    !mayBePacked(field, type)
  ) {
    throw invalidProto(`the field ${field.name} cannot be packed: it is no list of numbers`, place);
  }
}

function mayBePacked(field: ProtobufField, type: ResolvedType): boolean {
  if (field.label !== 'repeated') return false;
  return (
    type.kind === 'enum' || (type.kind === 'scalar' && type.scalar !== 'string' && type.scalar !== 'bytes')
  );
}

function defaultFault(
  syntax: ProtoFile['syntax'],
  field: ProtobufField,
  type: ResolvedType,
): string | undefined {
  const text = field.default ?? '';
  if (syntax === 'proto3') return 'is not possible in proto3';
  if (field.isRepeated) return 'is not possible: the field is repeated';
  switch (type.kind) {
    case 'enum':
      return type.enum.numbers.has(text) ? undefined : `is no value of the enum`;
    case 'scalar':
      return isDefaultOf(type.scalar, text) ? undefined : `is no ${type.scalar}`;
    default:
      return 'is not possible for a message';
  }
}

const wholeNumber = /^-?(?:0[xX][0-9a-fA-F]+|\d+)$/;

const bounds: Readonly<Partial<Record<ScalarType, readonly [bigint, bigint]>>> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  sint32: [-(2n ** 31n), 2n ** 31n - 1n],
  sfixed32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  fixed32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  sint64: [-(2n ** 63n), 2n ** 63n - 1n],
  sfixed64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  fixed64: [0n, 2n ** 64n - 1n],
};

function isDefaultOf(scalar: ScalarType, text: string): boolean {
  const range = bounds[scalar];
  if (range !== undefined) {
    if (!wholeNumber.test(text) || text.length > 40) return false;
    const value = text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
    return value >= range[0] && value <= range[1];
  }
  switch (scalar) {
    case 'bool':
      return text === 'true' || text === 'false';
    case 'float':
    case 'double':
      return /^-?(?:inf|nan)$/.test(text) || !Number.isNaN(Number(text.replace(/[fF]$/, '')));
    default:
      return true;
  }
}
