import { canonicalJson } from '@spine/kernel/canonical-json';
import { isRecord } from '../json.ts';
import { type Draft, draftOf } from './draft.ts';
import type { JsonSchemaTree } from './json-schema-tree.ts';
import { holdingOf, isSchemaJson } from './subschemas.ts';

/** What no reader sees in a value, and no other schema refers to. */
const unseen = new Set([
  '$schema',
  '$comment',
  'title',
  'description',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
]);

/** Keywords that are read by us, by what refers to them, or by who decodes. All others only describe. */
const seen = new Set(
  (
    '$id id $ref $anchor $dynamicRef $dynamicAnchor $recursiveRef $recursiveAnchor type enum const default format ' +
    'multipleOf minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength pattern minItems maxItems ' +
    'uniqueItems minContains maxContains required minProperties maxProperties dependentRequired contentEncoding ' +
    'contentMediaType'
  ).split(' '),
);

/** Lists whose order means nothing. */
const unordered = new Set(['enum', 'required', 'type', 'allOf', 'anyOf', 'oneOf']);

/**
 * One text for all schemas that mean the same to a reader: without annotations and order, but with `default`, which decides
 * whether a property may be required, and with the canonical forms of all that it refers to.
 */
export function jsonCanonicalForm({ json, draft, dependencies }: JsonSchemaTree): string {
  const own = canonicalSchema(json, draft);
  const others = dependencies
    .map((each) => [each.name, canonicalSchema(each.json, draftOf(each.json))] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return canonicalJson(
    others.length === 0 ? { draft, schema: own } : { draft, schema: own, references: others },
  );
}

function canonicalSchema(json: unknown, draft: Draft): unknown {
  if (!isSchemaJson(json) || typeof json === 'boolean') return json;
  const kept: [string, unknown][] = [];
  for (const [keyword, value] of Object.entries(json)) {
    if (unseen.has(keyword)) continue;
    const holding = holdingOf(keyword, draft);
    if (holding === undefined) {
      // Kafka Connect decodes by these.
      if (seen.has(keyword) || keyword.startsWith('connect.')) kept.push([keyword, inOrder(keyword, value)]);
    } else kept.push([keyword, inOrder(keyword, canonicalInside(value, holding, draft))]);
  }
  return Object.fromEntries(kept.map(([keyword, value]) => [keyword, oneType(keyword, value)]));
}

function canonicalInside(value: unknown, holding: string, draft: Draft): unknown {
  if (holding.endsWith('list') && Array.isArray(value))
    return value.map((item) => canonicalSchema(item, draft));
  if (holding.startsWith('named') && isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inNames(item, draft)]));
  }
  return canonicalSchema(value, draft);
}

/** A dependency may be a list of names. */
function inNames(item: unknown, draft: Draft): unknown {
  return Array.isArray(item) ? sorted(item) : canonicalSchema(item, draft);
}

function inOrder(keyword: string, value: unknown): unknown {
  if (keyword === 'dependentRequired' && isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, needs]) => [name, Array.isArray(needs) ? sorted(needs) : needs]),
    );
  }
  return unordered.has(keyword) && Array.isArray(value) ? sorted(value) : value;
}

function sorted(values: readonly unknown[]): readonly unknown[] {
  const texts = new Map(values.map((value) => [canonicalJson(value), value]));
  return [...texts.keys()].sort().map((text) => texts.get(text));
}

/** A list of one type says no more than the type. */
function oneType(keyword: string, value: unknown): unknown {
  return keyword === 'type' && Array.isArray(value) && value.length === 1 ? value[0] : value;
}
