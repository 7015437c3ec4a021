import { isRecord } from '../json.ts';
import { textsOf } from '../outline/avro-definition.ts';
import type { SchemaOutline } from '../outline/schema-outline.ts';
import type { SchemaPart } from '../outline/schema-part.ts';

/** Of more fields of one name than this, the first ones stand for all. */
const maxNamesakes = 20;

/**
 * Finds the part that a field's path means: of the fields of that name the one whose place has most of the words of the
 * path. Undefined where the field comes from another schema.
 */
export function createFieldParts(outline: SchemaOutline): (fieldPath: string) => SchemaPart | undefined {
  const byName = new Map<string, SchemaPart[]>();
  const collect = (parts: readonly SchemaPart[]): void => {
    for (const part of parts) {
      const namesakes = byName.get(part.name) ?? [];
      if (part.part === 'FIELD' && namesakes.length < maxNamesakes)
        byName.set(part.name, [...namesakes, part]);
      collect(part.parts);
    }
  };
  collect(outline.parts);
  return (fieldPath) => {
    const words = new Set(fieldPath.split(/[.[\]{}]+/).filter(Boolean));
    const shared = ({ path }: SchemaPart): number => path.split('/').filter((step) => words.has(step)).length;
    const namesakes = byName.get(lastName(fieldPath)) ?? [];
    return namesakes.toSorted((one, other) => shared(other) - shared(one))[0];
  };
}

/** `email` of `customer.email` and of `customer.email[]`. */
export function lastName(fieldPath: string): string {
  return fieldPath.replace(/(\[\]|\{\})+$/, '').replace(/^.*\./, '');
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
