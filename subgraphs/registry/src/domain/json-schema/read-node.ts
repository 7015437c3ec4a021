import { isRecord } from '../json.ts';
import { type Draft, isSince } from './draft.ts';
import type { Annotations, JsonSchemaNode, JsonType } from './json-schema-tree.ts';
import { holdingOf, type SchemaJson } from './subschemas.ts';

/** A node whose references are not followed yet. */
export type OpenNode = { -readonly [Key in keyof JsonSchemaNode]: JsonSchemaNode[Key] };

/** Where a node stands. */
export interface NodePlace {
  readonly draft: Draft;
  readonly document: string;
  readonly path: string;
}

/** The node of a schema inside the one that is read, by keyword and by name or position. */
export type FindChild = (keyword: string, step?: string | number) => OpenNode | undefined;

const jsonTypes: readonly string[] = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];

/** Reads the keywords of one schema, as its draft knows them. What has not the form that its keyword asks for is left out. */
export function readNode(json: SchemaJson, place: NodePlace, child: FindChild): OpenNode {
  if (typeof json === 'boolean') return { ...place, json, annotations: {}, always: json };
  const head = { ...place, json, annotations: readAnnotations(json, place.draft) };
  // Up to draft-07 a reference stands for the whole schema.
  if (typeof json['$ref'] === 'string' && !isSince(place.draft, '2019-09')) return head;
  const node: OpenNode = { ...head };
  for (const { words, read } of groups) {
    // Most schemas have words of one group, and a text may hold tens of thousands of schemas.
    if (Object.keys(json).some((word) => words.has(word)))
      Object.assign(node, present(read(json, place.draft, child)));
  }
  return node;
}

interface WordGroup {
  readonly words: ReadonlySet<string>;
  read(json: Readonly<Record<string, unknown>>, draft: Draft, child: FindChild): Partial<OpenNode>;
}

/** All words of a schema, of any draft, with who reads them. */
const groups: readonly WordGroup[] = [
  {
    words: wordsOf(
      'type enum const minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength pattern format',
    ),
    read: readValues,
  },
  {
    words: wordsOf(
      'items prefixItems additionalItems unevaluatedItems minItems maxItems uniqueItems contains minContains maxContains',
    ),
    read: readArrays,
  },
  {
    words: wordsOf(
      'properties patternProperties additionalProperties unevaluatedProperties propertyNames required minProperties maxProperties dependencies dependentRequired dependentSchemas',
    ),
    read: readObjects,
  },
  { words: wordsOf('allOf anyOf oneOf not if then else'), read: readCombinations },
];

function wordsOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}

function readAnnotations(json: Readonly<Record<string, unknown>>, draft: Draft): Annotations {
  return present({
    id: text(json[idKeyword(draft)]),
    title: text(json['title']),
    description: text(json['description']),
    connectType: text(json['connect.type']),
    default: Object.hasOwn(json, 'default') ? { value: json['default'] } : undefined,
  });
}

/** The keyword by which a schema names itself. */
export function idKeyword(draft: Draft): '$id' | 'id' {
  return draft === 'draft-04' ? 'id' : '$id';
}

function readValues(json: Readonly<Record<string, unknown>>, draft: Draft): Partial<OpenNode> {
  const { type } = json;
  const listed: readonly unknown[] = Array.isArray(type) ? type : [type];
  const types = listed.filter(
    (word): word is JsonType => typeof word === 'string' && jsonTypes.includes(word),
  );
  const minimum = number(json['minimum']);
  const maximum = number(json['maximum']);
  return {
    types: type === undefined ? undefined : types,
    values: Array.isArray(json['enum']) ? json['enum'] : undefined,
    constant:
      isSince(draft, 'draft-06') && Object.hasOwn(json, 'const') ? { value: json['const'] } : undefined,
    minimum,
    maximum,
    exclusiveMinimum: limit(json['exclusiveMinimum'], minimum, draft),
    exclusiveMaximum: limit(json['exclusiveMaximum'], maximum, draft),
    multipleOf: number(json['multipleOf']),
    minLength: number(json['minLength']),
    maxLength: number(json['maxLength']),
    pattern: text(json['pattern']),
    format: text(json['format']),
  };
}

/** In draft-04 the word only says that the inclusive limit is exclusive. */
function limit(value: unknown, inclusive: number | undefined, draft: Draft): number | undefined {
  if (draft !== 'draft-04') return number(value);
  return value === true ? inclusive : undefined;
}

function readArrays(
  json: Readonly<Record<string, unknown>>,
  draft: Draft,
  child: FindChild,
): Partial<OpenNode> {
  const tupleWord = draft === '2020-12' ? 'prefixItems' : 'items';
  const tuple = children(json[tupleWord], tupleWord, draft, child);
  const additionalItems = child('additionalItems');
  const contains = child('contains');
  const counts = contains !== undefined && isSince(draft, '2019-09');
  return {
    prefixItems: tuple,
    items: draft !== '2020-12' && tuple !== undefined ? additionalItems : child('items'),
    additionalItems,
    unevaluatedItems: child('unevaluatedItems'),
    minItems: number(json['minItems']),
    maxItems: number(json['maxItems']),
    uniqueItems: json['uniqueItems'] === true ? true : undefined,
    contains,
    minContains:
      contains === undefined ? undefined : ((counts ? number(json['minContains']) : undefined) ?? 1),
    maxContains: counts ? number(json['maxContains']) : undefined,
  };
}

function readObjects(
  json: Readonly<Record<string, unknown>>,
  draft: Draft,
  child: FindChild,
): Partial<OpenNode> {
  const isModern = isSince(draft, '2019-09');
  const dependencies = isModern ? json['dependentRequired'] : json['dependencies'];
  return {
    properties: named(json['properties'], 'properties', child),
    patternProperties: named(json['patternProperties'], 'patternProperties', child),
    additionalProperties: child('additionalProperties'),
    unevaluatedProperties: child('unevaluatedProperties'),
    propertyNames: child('propertyNames'),
    required: Array.isArray(json['required']) ? json['required'].filter(isText) : undefined,
    minProperties: number(json['minProperties']),
    maxProperties: number(json['maxProperties']),
    dependentRequired: names(dependencies),
    dependentSchemas: isModern
      ? named(json['dependentSchemas'], 'dependentSchemas', child)
      : named(json['dependencies'], 'dependencies', child),
  };
}

function readCombinations(
  json: Readonly<Record<string, unknown>>,
  draft: Draft,
  child: FindChild,
): Partial<OpenNode> {
  const holds = child('if');
  return {
    allOf: children(json['allOf'], 'allOf', draft, child),
    anyOf: children(json['anyOf'], 'anyOf', draft, child),
    oneOf: children(json['oneOf'], 'oneOf', draft, child),
    not: child('not'),
    condition: holds && { holds, yes: child('then'), no: child('else') },
  };
}

function children(
  value: unknown,
  keyword: string,
  draft: Draft,
  child: FindChild,
): readonly OpenNode[] | undefined {
  if (!Array.isArray(value) || holdingOf(keyword, draft) === undefined) return undefined;
  return value.flatMap((_item, index) => child(keyword, index) ?? []);
}

function named(value: unknown, keyword: string, child: FindChild): ReadonlyMap<string, OpenNode> | undefined {
  if (!isRecord(value)) return undefined;
  const found = new Map<string, OpenNode>();
  for (const name of Object.keys(value)) {
    const node = child(keyword, name);
    if (node !== undefined) found.set(name, node);
  }
  return found;
}

function names(value: unknown): ReadonlyMap<string, readonly string[]> | undefined {
  if (!isRecord(value)) return undefined;
  const found = new Map<string, readonly string[]>();
  for (const [name, needs] of Object.entries(value)) {
    if (Array.isArray(needs)) found.set(name, needs.filter(isText));
  }
  return found;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Keywords that are not there are no members: a node is printed and compared by what it has. */
function present<T extends object>(value: T): Partial<T> {
  const kept: Partial<T> = {};
  for (const [key, member] of Object.entries(value)) if (member !== undefined) Reflect.set(kept, key, member);
  return kept;
}
