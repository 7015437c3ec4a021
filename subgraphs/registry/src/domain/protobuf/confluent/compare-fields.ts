import { fieldWitness } from '../field-witness.ts';
import type { FieldPair, MessagePair } from '../match-schemas.ts';
import type { ProtobufIncompatibility } from '../protobuf-incompatibility.ts';
import type { ConfluentProtobufKind } from '../protobuf-kinds.ts';
import { type ProtobufSchema, type ResolvedType, resolveProtoType } from '../protobuf-schema.ts';
import { type ScalarGroup, scalarGroups } from '../scalar-groups.ts';
import { fieldText, protoTypeText } from '../type-text.ts';

export interface SchemaPair {
  readonly reader: ProtobufSchema;
  readonly writer: ProtobufSchema;
}

/** The breaches of two fields with one number. */
export function compareFields(
  schemas: SchemaPair,
  pair: MessagePair,
  fields: FieldPair,
): readonly ProtobufIncompatibility[] {
  const { reader, writer, path } = fields;
  const kinds = compareTypes(
    resolveProtoType(schemas.reader, reader.type),
    resolveProtoType(schemas.writer, writer.type),
    schemas,
  );
  // Only labels that are written count: proto3 and oneofs have none.
  if (
    kinds.length === 0 &&
    reader.label !== undefined &&
    writer.label !== undefined &&
    reader.label !== writer.label
  ) {
    if (isNumeric(resolveProtoType(schemas.reader, reader.type))) kinds.push('FIELD_NUMERIC_LABEL_CHANGED');
  }
  return kinds.map((kind) => {
    const witness = fieldWitness(schemas, pair, fields);
    return { kind, path, message: describe(kind, fields), ...(witness !== undefined && { witness }) };
  });
}

function describe(kind: ConfluentProtobufKind, { reader, writer }: FieldPair): string {
  if (kind === 'FIELD_NUMERIC_LABEL_CHANGED') {
    return `the field ${fieldText(reader)} is ${reader.label} in the reader and ${writer.label} in the writer`;
  }
  return `the field ${fieldText(reader)} is ${protoTypeText(reader.type)} in the reader and ${protoTypeText(writer.type)} in the writer`;
}

function compareTypes(
  reader: ResolvedType,
  writer: ResolvedType,
  schemas: SchemaPair,
): ConfluentProtobufKind[] {
  if (formOf(reader) !== formOf(writer)) return ['FIELD_KIND_CHANGED'];
  if (reader.kind === 'message' && writer.kind === 'message') {
    return reader.message.localName === writer.message.localName ? [] : ['FIELD_NAMED_TYPE_CHANGED'];
  }
  if (reader.kind === 'map' && writer.kind === 'map') {
    const keys = scalarGroups[reader.key] === scalarGroups[writer.key];
    const values = compareTypes(
      resolveProtoType(schemas.reader, reader.value),
      resolveProtoType(schemas.writer, writer.value),
      schemas,
    );
    return keys ? values : ['FIELD_SCALAR_KIND_CHANGED'];
  }
  return groupOf(reader) === groupOf(writer) ? [] : ['FIELD_SCALAR_KIND_CHANGED'];
}

function formOf(type: ResolvedType): 'scalar' | 'message' | 'map' {
  return type.kind === 'enum' ? 'scalar' : type.kind;
}

function groupOf(type: ResolvedType): ScalarGroup | undefined {
  if (type.kind === 'enum') return 'number';
  return type.kind === 'scalar' ? scalarGroups[type.scalar] : undefined;
}

function isNumeric(type: ResolvedType): boolean {
  const group = groupOf(type);
  return group !== undefined && group !== 'text';
}
