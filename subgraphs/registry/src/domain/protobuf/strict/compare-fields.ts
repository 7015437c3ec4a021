import { fieldWitness } from '../field-witness.ts';
import type { FieldPair, MessagePair } from '../match-schemas.ts';
import { optionWord } from '../proto-file.ts';
import type { ProtobufIncompatibility } from '../protobuf-incompatibility.ts';
import { type ProtobufField, type ProtobufSchema, resolveProtoType } from '../protobuf-schema.ts';
import { cardinalityText, fieldText, protoTypeText } from '../type-text.ts';
import { writtenMessage } from '../witness.ts';
import { cardinalityAxis } from './cardinality-axis.ts';
import type { OneofRivals } from './oneof-rivals.ts';
import { finding, type StrictComparison } from './strict-comparison.ts';
import { typeAxis } from './type-axis.ts';

/** The breaches of two fields with one number. */
export function compareFields(
  comparison: StrictComparison,
  pair: MessagePair,
  fields: FieldPair,
  rivals: OneofRivals,
): readonly ProtobufIncompatibility[] {
  return [
    ...typeBreaches(comparison, pair, fields),
    ...cardinalityBreaches(comparison, pair, fields),
    ...nameBreaches(comparison, pair, fields),
    ...oneofBreaches(comparison, pair, fields, rivals),
    ...defaultBreaches(comparison, pair, fields),
    ...sourceBreaches(comparison, fields),
  ];
}

const typeKinds = {
  WIRE: 'FIELD_WIRE_COMPATIBLE_TYPE',
  JSON: 'FIELD_WIRE_JSON_COMPATIBLE_TYPE',
  SOURCE: 'FIELD_SAME_TYPE',
} as const;

function typeBreaches(
  comparison: StrictComparison,
  pair: MessagePair,
  fields: FieldPair,
): readonly ProtobufIncompatibility[] {
  const { reader, writer, path } = fields;
  const axis = typeAxis(comparison, reader, writer);
  if (axis === undefined) return [];
  const message = `the field ${fieldText(reader)} is ${typeText(reader)} in the reader and ${typeText(writer)} in the writer`;
  const witness = axis === 'SOURCE' ? undefined : fieldWitness(comparison, pair, fields);
  return [finding(axis, typeKinds[axis], path, message, witness)];
}

function typeText(field: ProtobufField): string {
  return field.isDelimited ? `${protoTypeText(field.type)} as a group` : protoTypeText(field.type);
}

const cardinalityKinds = {
  WIRE: 'FIELD_WIRE_COMPATIBLE_CARDINALITY',
  JSON: 'FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY',
  SOURCE: 'FIELD_SAME_CARDINALITY',
} as const;

function cardinalityBreaches(
  comparison: StrictComparison,
  pair: MessagePair,
  fields: FieldPair,
): readonly ProtobufIncompatibility[] {
  const { reader, writer, path } = fields;
  const axis = cardinalityAxis(reader, writer);
  if (axis === undefined) return [];
  const message = `the field ${fieldText(reader)} is ${cardinalityText(reader)} in the reader and ${cardinalityText(writer)} in the writer`;
  const witness = axis === 'SOURCE' ? undefined : fieldWitness(comparison, pair, fields);
  return [finding(axis, cardinalityKinds[axis], path, message, witness)];
}

function nameBreaches(
  comparison: StrictComparison,
  pair: MessagePair,
  { reader, writer, path }: FieldPair,
): readonly ProtobufIncompatibility[] {
  const found: ProtobufIncompatibility[] = [];
  const why = `the reader knows no field ${writer.jsonName} in JSON`;
  const isRenamed = reader.jsonName !== writer.jsonName;
  // Readers of JSON take the name of the text, too.
  const isLost = isRenamed && reader.name !== writer.jsonName;
  const witness = isLost
    ? writtenMessage(comparison.writer, pair.writer, [writer], new Map(), why)
    : undefined;
  if (reader.name !== writer.name) {
    const message = `the field ${reader.number} is named ${reader.name} in the reader and ${writer.name} in the writer`;
    found.push(finding('JSON', 'FIELD_SAME_NAME', path, message, witness));
  }
  if (isRenamed) {
    const message = `the JSON name of the field ${fieldText(reader)} is ${reader.jsonName} in the reader and ${writer.jsonName} in the writer`;
    found.push(finding('JSON', 'FIELD_SAME_JSON_NAME', path, message, witness));
  }
  return found;
}

function oneofBreaches(
  comparison: StrictComparison,
  pair: MessagePair,
  fields: FieldPair,
  rivals: OneofRivals,
): readonly ProtobufIncompatibility[] {
  const { reader, writer, path } = fields;
  if (reader.oneof === writer.oneof) return [];
  const place = (field: ProtobufField): string =>
    field.oneof === undefined ? 'in no oneof' : `in the oneof ${field.oneof}`;
  const message = `the field ${fieldText(reader)} is ${place(reader)} in the reader and ${place(writer)} in the writer`;
  const rival = rivals.of(fields);
  const witness =
    rival === undefined
      ? undefined
      : writtenMessage(
          comparison.writer,
          pair.writer,
          [writer, rival.writer],
          new Map(),
          `the reader keeps one member of the oneof ${reader.oneof} only`,
        );
  return [finding('WIRE', 'FIELD_SAME_ONEOF', path, message, witness)];
}

function defaultBreaches(
  comparison: StrictComparison,
  pair: MessagePair,
  { reader, writer, path }: FieldPair,
): readonly ProtobufIncompatibility[] {
  const [mine, theirs] = [defaultOf(comparison.reader, reader), defaultOf(comparison.writer, writer)];
  if (mine === theirs) return [];
  const message = `the default of the field ${fieldText(reader)} is ${mine ?? 'not set'} in the reader and ${theirs ?? 'not set'} in the writer`;
  const why = `where ${writer.name} is not set the writer means ${theirs ?? 'its zero value'} and the reader takes ${mine ?? 'its zero value'}`;
  const unset = new Map([[writer, null]]);
  const witness = writtenMessage(comparison.writer, pair.writer, [writer], unset, why);
  return [finding('WIRE', 'FIELD_SAME_DEFAULT', path, message, witness)];
}

/** The default as it is meant: an enum that names none means its first value, a number zero. */
function defaultOf(schema: ProtobufSchema, field: ProtobufField): string | undefined {
  const type = resolveProtoType(schema, field.type);
  if (field.isRepeated || field.presence === 'required') return undefined;
  if (type.kind === 'enum') {
    const number = type.enum.numbers.get(field.default ?? '') ?? type.enum.values[0]?.number;
    return number === 0 || number === undefined ? undefined : String(number);
  }
  if (type.kind !== 'scalar' || field.default === undefined) return undefined;
  if (type.scalar === 'string' || type.scalar === 'bytes') {
    return field.default === '' ? undefined : JSON.stringify(field.default);
  }
  if (type.scalar === 'bool') return field.default === 'true' ? 'true' : undefined;
  const number = Number(field.default.replace(/[fF]$/, ''));
  return number === 0 ? undefined : field.default.toLowerCase();
}

function sourceBreaches(
  { reader: readerSchema, writer: writerSchema }: StrictComparison,
  { reader, writer, path }: FieldPair,
): readonly ProtobufIncompatibility[] {
  const found: ProtobufIncompatibility[] = [];
  const compare = (
    kind: Parameters<typeof finding>[1],
    what: string,
    mine: string | boolean,
    theirs: string | boolean,
  ): void => {
    if (mine === theirs) return;
    const message = `${what} of the field ${fieldText(reader)} is ${mine} in the reader and ${theirs} in the writer`;
    found.push(finding('SOURCE', kind, path, message));
  };
  const cppString = (field: ProtobufField): string =>
    optionWord(field.options, 'features.(pb.cpp).string_type') ??
    optionWord(field.options, 'ctype') ??
    'STRING';
  const javaUtf8 = (schema: ProtobufSchema, field: ProtobufField): string =>
    optionWord(field.options, 'features.(pb.java).utf8_validation') ??
    optionWord(schema.file.options, 'features.(pb.java).utf8_validation') ??
    optionWord(schema.file.options, 'java_string_check_utf8') ??
    'DEFAULT';
  const jsType = (field: ProtobufField): string => optionWord(field.options, 'jstype') ?? 'JS_NORMAL';
  compare('FIELD_SAME_JSTYPE', 'the JavaScript type', jsType(reader), jsType(writer));
  if (!isString(reader) || !isString(writer)) return found;
  compare('FIELD_SAME_CPP_STRING_TYPE', 'the C++ string type', cppString(reader), cppString(writer));
  const [mine, theirs] = [javaUtf8(readerSchema, reader), javaUtf8(writerSchema, writer)];
  compare('FIELD_SAME_JAVA_UTF8_VALIDATION', 'the UTF-8 validation in Java', mine, theirs);
  compare('FIELD_SAME_UTF8_VALIDATION', 'the UTF-8 validation', reader.checksUtf8, writer.checksUtf8);
  return found;
}

function isString(field: ProtobufField): boolean {
  return field.type.kind === 'scalar' && field.type.scalar === 'string';
}
