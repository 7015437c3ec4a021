import type { ConfluentManners } from '../../domain/confluent/confluent-release.ts';
import type { RegisteredSchema, SchemaContent } from '../../domain/confluent/registered-schema.ts';
import { listAvroTags } from '../../domain/confluent/tag-schema.ts';

/** What an id stands for, as the release shows it. `text` is the schema in the format that was asked for. */
export function toContentDocument(manners: ConfluentManners, content: SchemaContent, text = content.text) {
  const { type, references, metadata, ruleSet, guid } = content;
  return {
    ...((manners.namesAvro || type !== 'AVRO') && { schemaType: type }),
    schema: text,
    ...(references.length > 0 && { references }),
    ...(metadata !== undefined && { metadata }),
    ...(ruleSet !== undefined && { ruleSet }),
    ...(manners.guids && { guid }),
  };
}

/** A version of a subject, as lookups and lists show it. */
export function toVersionDocument(manners: ConfluentManners, version: RegisteredSchema, text = version.text) {
  return { subject: version.subject, ...toRegisterAnswer(manners, version, text) };
}

/** What a registration answers with. */
export function toRegisterAnswer(manners: ConfluentManners, version: RegisteredSchema, text = version.text) {
  return {
    version: version.version,
    id: version.id,
    ...toContentDocument(manners, version, text),
    ...(manners.guids && { ts: version.registeredAt.getTime(), deleted: version.deleted }),
  };
}

/** The tags that stand in a schema, for who asks to have them found. */
export function toTagsPart({ type, text }: SchemaContent) {
  // Other formats keep them in the metadata, which is shown anyway.
  return type === 'AVRO' ? { schemaTags: listAvroTags(text) } : {};
}
