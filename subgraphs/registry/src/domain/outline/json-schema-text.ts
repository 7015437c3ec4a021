import { parseSchemaJson } from '../avro/schema-json.ts';
import { type Draft, draftOf } from '../json-schema/draft.ts';
import { holdingOf, isSchemaJson, type SchemaJson, subschemasOf } from '../json-schema/subschemas.ts';

/** A schema somewhere in the text of a JSON Schema. */
export interface Subschema {
  /** The keyword that holds it; '' for the root. */
  readonly keyword: string;
  /** The name or position that it has there; '' where the keyword holds one schema. */
  readonly step: string;
  readonly path: string;
  readonly json: SchemaJson;
  /** The draft in which the document is written. */
  readonly draft: Draft;
}

/** The root of a JSON Schema as its text has it. */
export function readJsonSchemaText(text: string): Subschema {
  const json = parseSchemaJson(text);
  return { keyword: '', step: '', path: '', json: isSchemaJson(json) ? json : {}, draft: draftOf(json) };
}

/** The schemas directly inside a schema, in the order of the text. */
export function schemasIn({ json, path, draft }: Subschema): readonly Subschema[] {
  return subschemasOf(json, path, draft).map((inner) => ({
    ...inner,
    step: String(inner.step ?? ''),
    draft,
  }));
}

/** A schema and all inside it, outer ones first. The nesting of the text is bounded. */
export function everySchema(root: Subschema): readonly Subschema[] {
  const all = [root];
  // Grows while it is read.
  for (const schema of all) for (const inner of schemasIn(schema)) all.push(inner);
  return all;
}

/** Whether the value of a keyword is told by the schemas inside it: not where it is true, false or lists of names. */
export function isToldByParts(keyword: string, value: unknown, draft: Draft): boolean {
  if (holdingOf(keyword, draft) === undefined || typeof value !== 'object' || value === null) return false;
  return keyword !== 'dependencies' || !Object.values(value).some(Array.isArray);
}
