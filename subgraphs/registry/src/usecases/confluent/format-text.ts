import type { SchemaContent } from '../../domain/confluent/registered-schema.ts';
import { resolveAvroText } from '../../domain/confluent/resolve-avro-text.ts';
import { serializeDescriptor } from '../../formats/protobuf/descriptor/write-descriptor.ts';
import { readSchemas } from '../read-schemas.ts';
import type { RegistryDeps } from '../registry-deps.ts';
import { resolveReferences } from '../resolve-references.ts';

/**
 * The text of a schema in a format that Confluent's registry knows for its type: Avro `resolved`, with what it refers to
 * written into it, and Protobuf `serialized`, as a descriptor in base64. Any other word leaves it as it is.
 */
export async function formatText(
  { database, schemas }: Pick<RegistryDeps, 'database' | 'schemas'>,
  content: SchemaContent,
  format: string | undefined,
): Promise<string> {
  const { type, text, references, id, digest } = content;
  if (type === 'AVRO' && format === 'resolved' && references.length > 0) {
    return resolveAvroText(text, await resolveReferences(database.kysely, references));
  }
  if (type === 'PROTOBUF' && format === 'serialized') {
    const read = await readSchemas(database.kysely, schemas, [{ digest, schemaId: id }]);
    const schema = read.get(digest);
    if (schema?.type === 'PROTOBUF') return serializeDescriptor(schema.protobuf);
  }
  return text;
}
