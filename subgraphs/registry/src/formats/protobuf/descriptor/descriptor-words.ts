import type { ScalarType } from '../../../domain/protobuf/proto-file.ts';

/** The types of fields by their names in a descriptor. */
export const typeWords: Readonly<Record<ScalarType, string>> = {
  double: 'TYPE_DOUBLE',
  float: 'TYPE_FLOAT',
  int32: 'TYPE_INT32',
  int64: 'TYPE_INT64',
  uint32: 'TYPE_UINT32',
  uint64: 'TYPE_UINT64',
  sint32: 'TYPE_SINT32',
  sint64: 'TYPE_SINT64',
  fixed32: 'TYPE_FIXED32',
  fixed64: 'TYPE_FIXED64',
  sfixed32: 'TYPE_SFIXED32',
  sfixed64: 'TYPE_SFIXED64',
  bool: 'TYPE_BOOL',
  string: 'TYPE_STRING',
  bytes: 'TYPE_BYTES',
};

/** `java_package` for `javaPackage`. */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `javaPackage` for `java_package`. */
export function lowerCamelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_whole, letter: string) => letter.toUpperCase());
}

/** The name that a compiler gives to the message behind a map: `LabelsEntry` for `labels`. */
export function mapEntryName(field: string): string {
  const words = field.replaceAll(/_+([a-z]?)/g, (_whole, letter: string) => letter.toUpperCase());
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}Entry`;
}
