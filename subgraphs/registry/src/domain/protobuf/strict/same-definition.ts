import type { ProtobufEnum, ProtobufMessage } from '../protobuf-schema.ts';

/** Names of the schema itself are compared without its package: that it changed is told once. */
export function isSameDefinition(
  reader: ProtobufMessage | ProtobufEnum,
  writer: ProtobufMessage | ProtobufEnum,
): boolean {
  return reader.file === '' && writer.file === ''
    ? reader.localName === writer.localName
    : reader.fullName === writer.fullName;
}
