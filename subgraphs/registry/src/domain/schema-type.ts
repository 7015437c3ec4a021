import { Problem } from '@spine/kernel/problem';

/** The formats of schemas, as the field names them. */
export const schemaTypes = ['AVRO', 'JSON', 'PROTOBUF'] as const;

export type SchemaType = (typeof schemaTypes)[number];

/** The format that a word names. Throws INPUT_INVALID for a word that names none. */
export function parseSchemaType(word: string): SchemaType {
  const known = schemaTypes.find((type) => type === word);
  if (known !== undefined) return known;
  throw new Problem('INPUT_INVALID', `${JSON.stringify(word)} is no schema type`, {
    fix: `use ${schemaTypes.join(', ')}`,
    path: '/schemaType',
  });
}
