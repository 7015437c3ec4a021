import { fullNameOf, namespaceOf } from '../avro/avro-name.ts';
import { parseSchemaJson } from '../avro/schema-json.ts';
import { isRecord } from '../json.ts';
import type { JsonObject } from '../schema-source.ts';
import type { SchemaType } from '../schema-type.ts';

/** Tags of one part of a schema: a record by its full name, a field by that and its own name. */
export interface EntityTags {
  readonly schemaEntity: { readonly entityPath: string; readonly entityType: string };
  readonly tags: readonly string[];
}

/** What is to be tagged, and what no longer. */
export interface Tagging {
  readonly added: readonly EntityTags[];
  readonly removed: readonly EntityTags[];
}

/**
 * The schema with its tags changed. Avro keeps them beside what they tag, as `confluent:tags`; for other formats they are part
 * of the metadata, by the path of what they tag.
 */
export function tagSchema<
  Schema extends { type: SchemaType; text: string; metadata: JsonObject | undefined },
>(schema: Schema, tagging: Tagging): Schema {
  if (schema.type === 'AVRO') {
    return { ...schema, text: JSON.stringify(tagType(parseSchemaJson(schema.text), '', tagging)) };
  }
  const before = schema.metadata?.['tags'];
  const tags: Record<string, readonly string[]> = {};
  const known = isRecord(before) ? before : {};
  const paths = new Set([
    ...Object.keys(known),
    ...tagging.added.map((each) => each.schemaEntity.entityPath),
  ]);
  for (const path of paths) {
    const after = retag(known[path], path, tagging);
    if (after.length > 0) tags[path] = after;
  }
  return { ...schema, metadata: { ...schema.metadata, tags } };
}

/** The tags that stand in an Avro schema, by what they tag. */
export function listAvroTags(text: string): readonly EntityTags[] {
  const found: EntityTags[] = [];
  visit(parseSchemaJson(text), '', (entityPath, entityType, node) => {
    const tags = wordsOf(node[inline]);
    if (tags.length > 0) found.push({ schemaEntity: { entityPath, entityType }, tags });
  });
  return found;
}

const inline = 'confluent:tags';

function tagType(type: unknown, namespace: string, tagging: Tagging): unknown {
  // A copy of our own, which may be changed where it is visited.
  const copy: unknown = structuredClone(type);
  visit(copy, namespace, (path, _type, node) => {
    const after = retag(node[inline], path, tagging);
    if (after.length > 0) node[inline] = after;
    else delete node[inline];
  });
  return copy;
}

function visit(
  type: unknown,
  namespace: string,
  see: (path: string, entityType: string, node: Record<string, unknown>) => void,
): void {
  if (Array.isArray(type)) {
    for (const branch of type) visit(branch, namespace, see);
    return;
  }
  if (!isRecord(type)) return;
  const { name, namespace: own, fields } = type;
  if (typeof name === 'string' && Array.isArray(fields)) {
    const fullName = fullNameOf(name, typeof own === 'string' ? own : namespace);
    see(fullName, 'sr_record', type);
    for (const field of fields) {
      if (!isRecord(field)) continue;
      see(`${fullName}.${String(field['name'])}`, 'sr_field', field);
      visit(field['type'], namespaceOf(fullName), see);
    }
    return;
  }
  for (const key of ['type', 'items', 'values']) visit(type[key], namespace, see);
}

function retag(before: unknown, path: string, { added, removed }: Tagging): readonly string[] {
  const at = (all: readonly EntityTags[]) =>
    all.filter(({ schemaEntity }) => schemaEntity.entityPath === path).flatMap(({ tags }) => tags);
  const gone = new Set(at(removed));
  return [...new Set([...wordsOf(before), ...at(added)])].filter((tag) => !gone.has(tag));
}

function wordsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
