import { isJsonObject, type JsonObject } from './json-object.ts';

/** A column of a dataset; nested ones have dotted paths. */
export interface FieldOfSchema {
  readonly path: string;
  /** As the producer's system spells it. */
  readonly type: string | null;
  readonly description: string | null;
}

/** A tag of a dataset, or of one of its fields. */
export interface TagOfDataset {
  readonly key: string;
  readonly value: string;
  /** Null for the dataset as a whole. */
  readonly field: string | null;
  /** Who says so. */
  readonly source: string | null;
}

// Deeper columns than these are no columns.
const deepest = 20;

/** The columns that the `schema` facet lists, parents before children. What is malformed in it is passed over. */
export function readSchemaFields(facets: JsonObject): readonly FieldOfSchema[] {
  const { schema } = facets;
  return isJsonObject(schema) ? fieldsOf(schema['fields'], '', 0) : [];
}

function fieldsOf(list: unknown, prefix: string, depth: number): readonly FieldOfSchema[] {
  if (depth === deepest) return [];
  return objectsOf(list).flatMap((field) => {
    const name = textOf(field['name']);
    if (name === null) return [];
    const path = `${prefix}${name}`;
    const own = { path, type: textOf(field['type']), description: textOf(field['description']) };
    return [own, ...fieldsOf(field['fields'], `${path}.`, depth + 1)];
  });
}

/** The tags of `spine_policyTags` and of the standard `tags` facet, each once. */
export function readTags(facets: JsonObject): readonly TagOfDataset[] {
  const listOf = (key: string): readonly JsonObject[] => {
    const facet = facets[key];
    return isJsonObject(facet) ? objectsOf(facet['tags']) : [];
  };
  const tags = [
    ...listOf('spine_policyTags').map((tag) => tagOf(tag, textOf(tag['tag']), 'true')),
    ...listOf('tags').map((tag) => tagOf(tag, textOf(tag['key']), textOf(tag['value']) ?? '')),
  ].filter((tag) => tag !== null);
  // Both facets say the same where this product wrote them; the first is the more precise.
  const distinct = new Map<string, TagOfDataset>();
  for (const tag of tags) {
    const key = JSON.stringify([tag.key, tag.value, tag.field]);
    if (!distinct.has(key)) distinct.set(key, tag);
  }
  return [...distinct.values()];
}

function tagOf(tag: JsonObject, key: string | null, value: string): TagOfDataset | null {
  if (key === null) return null;
  return { key, value, field: textOf(tag['field']), source: textOf(tag['source']) };
}

/** Where the dataset lives by its `spine_residency` facet, or null. */
export function readRegion(facets: JsonObject): string | null {
  const { spine_residency: residency } = facets;
  return isJsonObject(residency) ? textOf(residency['region']) : null;
}

function objectsOf(list: unknown): readonly JsonObject[] {
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
