import { canonicalJson } from '@spine/kernel/canonical-json';
import { pointer } from '../json.ts';
import { textsOf } from './avro-definition.ts';
import { childOf, stepsOf } from './json-pointer.ts';
import { isToldByParts, readJsonSchemaText, type Subschema, schemasIn } from './json-schema-text.ts';
import type { SchemaOutline } from './schema-outline.ts';
import type { PartFacts, PartKind, SchemaPart } from './schema-part.ts';

/** What says of a value whether it fits. All other keywords only describe. */
const constraints = new Set(
  (
    'multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems ' +
    'uniqueItems maxContains minContains maxProperties minProperties additionalProperties additionalItems ' +
    'unevaluatedProperties unevaluatedItems dependentRequired dependencies contentEncoding contentMediaType'
  ).split(' '),
);
const told = new Set('type enum const format $ref $dynamicRef default title description required'.split(' '));

/** Outlines a JSON Schema: the schemas inside it by the keyword and name that holds them, values of enums, facts. */
export function outlineJsonSchema(text: string): SchemaOutline {
  const root = readJsonSchemaText(text);
  return {
    parts: [schemaPart(root, false)],
    factSteps: { default: 'default' },
    hasLastingPaths: true,
    locate: (path) => locate(root.json, path),
  };
}

function schemaPart(schema: Subschema, required: boolean): SchemaPart {
  const { keyword, step, path, json } = schema;
  const part = partKind(keyword);
  const shared = {
    part,
    key: `${keyword} ${step}`,
    name: part === 'FIELD' || part === 'DEFINITION' ? step : [keyword, step].filter(Boolean).join(' '),
    path,
  };
  if (typeof json === 'boolean') {
    return {
      ...shared,
      facts: { type: json ? 'anything' : 'nothing', ...(required && { required }) },
      parts: [],
    };
  }
  const requiredNames = new Set(textsOf(json['required']));
  const inside = schemasIn(schema);
  const parts = inside
    // A keyword that is true or false says more as a constraint.
    .filter((each) => typeof each.json !== 'boolean' || each.step !== '')
    .map((each) => schemaPart(each, each.keyword === 'properties' && requiredNames.has(each.step)));
  for (const { keyword: holder, step: name } of inside)
    if (holder === 'properties') requiredNames.delete(name);
  const facts = factsOf(schema, json, requiredNames);
  return {
    ...shared,
    facts: { ...facts, ...(required && { required }) },
    parts: [...parts, ...symbolParts(json['enum'], path)],
  };
}

function partKind(keyword: string): PartKind {
  switch (keyword) {
    case '':
      return 'SCHEMA';
    case 'properties':
      return 'FIELD';
    case '$defs':
    case 'definitions':
      return 'DEFINITION';
    default:
      return 'SUBSCHEMA';
  }
}

function symbolParts(values: unknown, path: string): readonly SchemaPart[] {
  if (!Array.isArray(values)) return [];
  return values.map((value: unknown, index) => ({
    part: 'SYMBOL',
    key: `enum ${canonicalJson(value)}`,
    name: typeof value === 'string' ? value : JSON.stringify(value),
    path: pointer(pointer(path, 'enum'), index),
    facts: {},
    parts: [],
  }));
}

function factsOf(
  { draft }: Subschema,
  json: Readonly<Record<string, unknown>>,
  requiredElsewhere: ReadonlySet<string>,
): PartFacts {
  const bounds = new Map<string, unknown>();
  const options = new Map<string, unknown>();
  for (const [keyword, value] of Object.entries(json)) {
    if (told.has(keyword) || isToldByParts(keyword, value, draft)) continue;
    (constraints.has(keyword) ? bounds : options).set(keyword, value);
  }
  if (requiredElsewhere.size > 0) bounds.set('required', [...requiredElsewhere].sort());
  const doc = [json['title'], json['description']].filter((text) => typeof text === 'string').join('\n');
  return {
    ...typeFact(json),
    ...(Object.hasOwn(json, 'default') && { default: json['default'] }),
    ...(bounds.size > 0 && { constraints: Object.fromEntries(bounds) }),
    ...(options.size > 0 && { options: Object.fromEntries(options) }),
    ...(doc !== '' && { doc }),
  };
}

/** `string`, `string | null`, `string (date-time)`, `const "a"`, `#/$defs/Address`. */
function typeFact(json: Readonly<Record<string, unknown>>): PartFacts {
  const { type, format, $ref, $dynamicRef } = json;
  const words = [typeof type === 'string' ? type : textsOf(type).join(' | ')];
  if (typeof format === 'string') words.push(`(${format})`);
  if (Object.hasOwn(json, 'const')) words.push(`const ${JSON.stringify(json['const'])}`);
  for (const reference of [$ref, $dynamicRef]) if (typeof reference === 'string') words.push(reference);
  const text = words.filter(Boolean).join(' ');
  return text === '' ? {} : { type: text };
}

/** References that lead on to references; more of them in a row are a circle. */
const maxHops = 50;

/**
 * Follows a pointer of a check: where it leads through a `$ref`, it goes on at the definition. Steps that the text does
 * not have stay as they are: they name what is gone.
 */
function locate(root: unknown, path: string): string {
  let at = '';
  let node = root;
  let holder = root;
  for (const step of stepsOf(path)) {
    // A check names what is required by its name, not by its position in the list.
    if (Array.isArray(node) && at.endsWith('/required') && node.includes(step)) {
      const place = at.slice(0, -'/required'.length);
      const isDescribed = childOf(childOf(holder, 'properties'), step) !== undefined;
      return isDescribed ? pointer(`${place}/properties`, step) : place;
    }
    for (let hops = 0; hops < maxHops && childOf(node, step) === undefined; hops += 1) {
      const target = childOf(node, '$ref');
      if (typeof target !== 'string' || !/^#(\/|$)/.test(target)) break;
      at = target.slice(1);
      node = stepsOf(at).reduce(childOf, root);
    }
    at = pointer(at, step);
    holder = node;
    node = childOf(node, step);
  }
  return at;
}
