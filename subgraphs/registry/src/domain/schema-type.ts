import { Problem } from '@spine/kernel/problem';

/** The formats of schemas, as the field names them. */
export const schemaTypes = ['AVRO', 'JSON', 'PROTOBUF'] as const;

export type SchemaType = (typeof schemaTypes)[number];

/** The formats that this version reads, checks and versions. */
export const supportedSchemaTypes = ['AVRO'] as const;

export type SupportedSchemaType = (typeof supportedSchemaTypes)[number];

/** Holds a format to those of this version: NOT_SUPPORTED for the others, INPUT_INVALID for words that name none. */
export function parseSchemaType(word: string): SupportedSchemaType {
  const supported = supportedSchemaTypes.find((type) => type === word);
  if (supported !== undefined) return supported;
  const fix = `use ${supportedSchemaTypes.join(' or ')}`;
  if (schemaTypes.some((type) => type === word)) {
    throw new Problem('NOT_SUPPORTED', `schemas of type ${word} are not supported in this version`, {
      fix,
      path: '/schemaType',
    });
  }
  throw new Problem('INPUT_INVALID', `${JSON.stringify(word)} is no schema type`, {
    fix,
    path: '/schemaType',
  });
}
