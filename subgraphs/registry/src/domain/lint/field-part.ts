import { isRecord } from '../json.ts';
import { textsOf } from '../outline/avro-definition.ts';
import type { SchemaOutline } from '../outline/schema-outline.ts';
import type { SchemaPart } from '../outline/schema-part.ts';

/**
 * The part of an outline that a field's path means: of the fields of that name the one whose own path has most of the
 * words of the field's. Undefined where the field comes from another schema.
 */
export function fieldPartOf(outline: SchemaOutline, fieldPath: string): SchemaPart | undefined {
  const words = fieldPath.split(/[.[\]{}]+/).filter(Boolean);
  const name = words.at(-1);
  const fields = fieldsIn(outline.parts).filter((part) => part.name === name);
  const shared = (part: SchemaPart): number =>
    words.filter((word) => part.path.split('/').includes(word)).length;
  return fields.reduce<SchemaPart | undefined>(
    (best, part) => (best === undefined || shared(part) > shared(best) ? part : best),
    undefined,
  );
}

/** The tags that Kafka clients keep in the schema itself, or beside it in its metadata (`**.email`). */
export function inlineTagsOf(
  part: SchemaPart | undefined,
  name: string,
  metadata: Readonly<Record<string, unknown>> | undefined,
): readonly string[] {
  const options = part?.facts.options;
  const own = isRecord(options) ? [...textsOf(options['confluent:tags']), ...fieldMetaTags(options)] : [];
  const tags = metadata?.['tags'];
  const beside = isRecord(tags) ? Object.entries(tags) : [];
  const named = beside.filter(([pattern]) => pattern.split('.').at(-1) === name);
  return [...own, ...named.flatMap(([, list]) => textsOf(list))];
}

/** `[(confluent.field_meta).tags = "PII"]`, whichever way it is written. */
function fieldMetaTags(options: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (!/^\(\.?confluent\.field_meta\)/.test(name)) return [];
    const tags = name.endsWith('.tags') ? value : isRecord(value) ? value['tags'] : undefined;
    return typeof tags === 'string' ? [tags] : textsOf(tags);
  });
}

function fieldsIn(parts: readonly SchemaPart[]): readonly SchemaPart[] {
  return parts.flatMap((part) => [...(part.part === 'FIELD' ? [part] : []), ...fieldsIn(part.parts)]);
}
