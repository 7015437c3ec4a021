import type { ProtoType } from './proto-file.ts';
import type { ProtobufField } from './protobuf-schema.ts';

/** A field for people: `amount (2)`. */
export function fieldText(field: ProtobufField): string {
  return `${field.name} (${field.number})`;
}

/** A type for people: `int32`, `shop.Line`, `map<string, int32>`. */
export function protoTypeText(type: ProtoType): string {
  switch (type.kind) {
    case 'scalar':
      return type.scalar;
    case 'named':
      return type.name;
    case 'map':
      return `map<${type.key}, ${protoTypeText(type.value)}>`;
  }
}

/** How many values a field has, for people. */
export function cardinalityText(field: ProtobufField): string {
  if (field.type.kind === 'map') return 'a map';
  if (field.isRepeated) return 'repeated';
  if (field.presence === 'required') return 'required';
  return field.presence === 'explicit' ? 'optional' : 'without presence';
}
