import { parseSchemaJson } from '../avro/schema-json.ts';
import { isRecord, pointer } from '../json.ts';

/** Keywords whose value is a schema, a list of schemas or schemas by name, in any draft from 4 to 2020-12. */
const keywords = {
  one: 'additionalItems additionalProperties contains contentSchema else if items not propertyNames then unevaluatedItems unevaluatedProperties',
  list: 'allOf anyOf items oneOf prefixItems',
  named: '$defs definitions dependencies dependentSchemas patternProperties properties',
};
const one = new Set(keywords.one.split(' '));
const list = new Set(keywords.list.split(' '));
const named = new Set(keywords.named.split(' '));

/** A schema somewhere in a JSON Schema. */
export interface Subschema {
  /** The keyword that holds it; '' for the root. */
  readonly keyword: string;
  /** The name or position that it has there; '' where the keyword holds one schema. */
  readonly step: string;
  readonly path: string;
  readonly json: Readonly<Record<string, unknown>> | boolean;
}

/** The root of a JSON Schema as its text has it. */
export function readJsonSchemaText(text: string): Subschema {
  const json = parseSchemaJson(text);
  return { keyword: '', step: '', path: '', json: isSchema(json) ? json : {} };
}

/** The schemas directly inside a schema, in the order of the text. */
export function subschemasOf({ json, path }: Subschema): readonly Subschema[] {
  if (typeof json === 'boolean') return [];
  const found: Subschema[] = [];
  for (const [keyword, value] of Object.entries(json)) {
    const at = pointer(path, keyword);
    if (one.has(keyword) && isSchema(value)) found.push({ keyword, step: '', path: at, json: value });
    if (list.has(keyword) && Array.isArray(value)) {
      for (const [step, item] of Object.entries<unknown>(value)) {
        if (isSchema(item)) found.push({ keyword, step, path: pointer(at, step), json: item });
      }
    }
    if (named.has(keyword) && isRecord(value)) {
      for (const [step, item] of Object.entries(value)) {
        if (isSchema(item)) found.push({ keyword, step, path: pointer(at, step), json: item });
      }
    }
  }
  return found;
}

/** A schema and all inside it, outer ones first. The nesting of the text is bounded. */
export function everySchema(root: Subschema): readonly Subschema[] {
  const all = [root];
  // Grows while it is read.
  for (const schema of all) for (const inner of subschemasOf(schema)) all.push(inner);
  return all;
}

/** Whether the value of a keyword is told by the schemas inside it. */
export function holdsSchemas(keyword: string, value: unknown): boolean {
  if (one.has(keyword) && isRecord(value)) return true;
  if (list.has(keyword) && Array.isArray(value)) return true;
  return named.has(keyword) && isRecord(value) && !Object.values(value).some(Array.isArray);
}

function isSchema(value: unknown): value is Subschema['json'] {
  return typeof value === 'boolean' || isRecord(value);
}
