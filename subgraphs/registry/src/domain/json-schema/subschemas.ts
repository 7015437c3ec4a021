import { isRecord, pointer } from '../json.ts';
import { type Draft, isSince } from './draft.ts';

/** How a keyword holds schemas: one, a list of them, or some by name. */
type Holding = 'one' | 'list' | 'named' | 'one or list' | 'named, or names';

interface Keyword {
  readonly holding: Holding;
  readonly since?: Draft;
  /** The first draft without it. */
  readonly until?: Draft;
}

/** Every keyword that holds schemas, with the drafts that know it. Definitions are read in all of them. */
const keywords: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ['$defs', { holding: 'named' }],
  ['definitions', { holding: 'named' }],
  ['properties', { holding: 'named' }],
  ['patternProperties', { holding: 'named' }],
  ['additionalProperties', { holding: 'one' }],
  ['unevaluatedProperties', { holding: 'one', since: '2019-09' }],
  ['propertyNames', { holding: 'one', since: 'draft-06' }],
  ['dependencies', { holding: 'named, or names', until: '2019-09' }],
  ['dependentSchemas', { holding: 'named', since: '2019-09' }],
  ['prefixItems', { holding: 'list', since: '2020-12' }],
  ['items', { holding: 'one or list' }],
  ['additionalItems', { holding: 'one', until: '2020-12' }],
  ['unevaluatedItems', { holding: 'one', since: '2019-09' }],
  ['contains', { holding: 'one', since: 'draft-06' }],
  ['allOf', { holding: 'list' }],
  ['anyOf', { holding: 'list' }],
  ['oneOf', { holding: 'list' }],
  ['not', { holding: 'one' }],
  ['if', { holding: 'one', since: 'draft-07' }],
  ['then', { holding: 'one', since: 'draft-07' }],
  ['else', { holding: 'one', since: 'draft-07' }],
  ['contentSchema', { holding: 'one', since: '2019-09' }],
]);

/** A schema inside another one. */
export interface Subschema {
  readonly keyword: string;
  /** Its name or position there; undefined where the keyword holds one schema. */
  readonly step: string | number | undefined;
  readonly path: string;
  readonly json: SchemaJson;
}

export type SchemaJson = Readonly<Record<string, unknown>> | boolean;

/** Whether a value can be a schema: an object, or true or false. */
export function isSchemaJson(value: unknown): value is SchemaJson {
  return typeof value === 'boolean' || isRecord(value);
}

/** The schemas directly inside a schema, in the order of the text. */
export function subschemasOf(json: SchemaJson, path: string, draft: Draft): readonly Subschema[] {
  if (typeof json === 'boolean') return [];
  const found: Subschema[] = [];
  for (const [keyword, value] of Object.entries(json)) {
    const holding = holdingOf(keyword, draft);
    if (holding === undefined) continue;
    const at = pointer(path, keyword);
    const add = (step: string | number | undefined, item: unknown) => {
      if (!isSchemaJson(item)) return;
      found.push({ keyword, step, path: step === undefined ? at : pointer(at, step), json: item });
    };
    if (holding.startsWith('one') && !Array.isArray(value)) add(undefined, value);
    if (holding.endsWith('list') && Array.isArray(value))
      for (const [index, item] of value.entries()) add(index, item);
    if (holding.startsWith('named') && isRecord(value))
      for (const [name, item] of Object.entries(value)) add(name, item);
  }
  return found;
}

/** How a keyword holds schemas in a draft; undefined where it holds none. */
export function holdingOf(keyword: string, draft: Draft): Holding | undefined {
  const known = keywords.get(keyword);
  if (known === undefined) return undefined;
  if (known.since !== undefined && !isSince(draft, known.since)) return undefined;
  if (known.until !== undefined && isSince(draft, known.until)) return undefined;
  // From 2020-12 on a tuple is `prefixItems`.
  if (keyword === 'items' && draft === '2020-12') return 'one';
  return known.holding;
}
