import { canonicalJson } from '@spine/kernel/canonical-json';
import { isRecord } from '../../json.ts';
import type { Budget } from '../budget.ts';
import { isSince } from '../draft.ts';
import { type JsonSchemaNode, type JsonType, withoutReference } from '../json-schema-tree.ts';
import type { ContentModel, Criterion, Shape } from './shape.ts';

/** Finds the shape of a schema. One node has one shape, so that pairs of them can be remembered. */
export type ShapeOf = (node: JsonSchemaNode) => Shape;

const arrayWords = ['items', 'minItems', 'maxItems', 'uniqueItems'];
const objectWords = [
  'properties',
  'required',
  'minProperties',
  'maxProperties',
  'patternProperties',
  'additionalProperties',
];
const numberWords = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'];
const stringWords = ['minLength', 'maxLength', 'pattern'];

/** Reads shapes, each once. */
export function createShapes(budget: Budget): ShapeOf {
  const known = new Map<JsonSchemaNode, Shape>();

  function shapeOf(start: JsonSchemaNode): Shape {
    const node = withoutReference(start);
    const found = known.get(node);
    if (found !== undefined) return found;
    budget.spend(1);
    const shape = budget.deeper(() => readShape(node));
    known.set(node, shape);
    return shape;
  }

  function readShape(node: JsonSchemaNode): Shape {
    if (node.always !== undefined) return { node, kind: node.always ? 'true' : 'false' };
    const pieces = listPieces(node);
    const [only] = pieces;
    if (only === undefined) return { node, kind: 'empty' };
    return pieces.length === 1 ? only : { node, kind: 'combined', criterion: 'allOf', parts: pieces };
  }

  function listPieces(node: JsonSchemaNode): readonly Shape[] {
    const pieces: Shape[] = [];
    if (node.ref !== undefined) pieces.push(shapeOf(node.ref));
    if (node.values !== undefined) pieces.push({ node, kind: 'enum', values: node.values });
    for (const criterion of ['allOf', 'anyOf', 'oneOf'] as const) {
      const parts = node[criterion];
      if (parts !== undefined) pieces.push(combine(node, criterion, parts));
    }
    if (node.not !== undefined) pieces.push({ node, kind: 'not', refused: shapeOf(node.not) });
    if (node.constant !== undefined) pieces.push({ node, kind: 'const', value: node.constant.value });
    pieces.push(...typedPieces(node));
    if (hasAny(node, ['if', 'then', 'else']) && isSince(node.draft, 'draft-07')) {
      pieces.push({ node, kind: 'conditional' });
    }
    return pieces;
  }

  function combine(node: JsonSchemaNode, criterion: Criterion, parts: readonly JsonSchemaNode[]): Shape {
    const byText = new Map<string, JsonSchemaNode>();
    for (const part of parts) {
      const text = canonicalJson(part.json);
      // A part may be most of the text, and hold others that are combined in the same way.
      budget.spend(Math.ceil(text.length / 100));
      if (!byText.has(text)) byText.set(text, part);
    }
    const once = [...byText.values()];
    return { node, kind: 'combined', criterion, parts: once.map(shapeOf) };
  }

  return shapeOf;
}

/** Types take the keywords that go with them; what is left says its type by being there. */
function typedPieces(node: JsonSchemaNode): readonly Shape[] {
  const types = node.types ?? [];
  const typed = types.map((type) => shapeOfType(node, type));
  const isList = isRecord(node.json) && Array.isArray(node.json['type']);
  const pieces: Shape[] = isList
    ? [{ node, kind: 'combined', criterion: 'anyOf', parts: typed }]
    : [...typed];
  for (const [type, isThere] of [
    ['array', hasArrayWord(node)],
    ['object', hasObjectWord(node)],
    ['number', hasAny(node, numberWords)],
    ['string', hasAny(node, stringWords) || (!isModern(node) && hasAny(node, ['format']))],
  ] as const) {
    const isTaken = types.includes(type) || (type === 'number' && types.includes('integer'));
    if (isThere && !isTaken) pieces.push(shapeOfType(node, type));
  }
  return pieces;
}

function shapeOfType(node: JsonSchemaNode, type: JsonType): Shape {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return { node, kind: type };
    case 'integer':
    case 'number':
      return { node, kind: 'number', isInteger: type === 'integer' };
    case 'object':
      return {
        node,
        kind: 'object',
        rest: contentModel(node.additionalProperties, node.unevaluatedProperties),
      };
    case 'array':
      return arrayShape(node);
  }
}

function arrayShape(node: JsonSchemaNode): Shape {
  const tuple = node.prefixItems ?? [];
  if (node.draft !== '2020-12') {
    const every = node.prefixItems === undefined ? node.items : undefined;
    return {
      node,
      kind: 'array',
      every,
      tuple,
      rest: contentModel(node.additionalItems, node.unevaluatedItems),
    };
  }
  // In the newest draft `items` speaks of the rest; of all items where there is no tuple and it is not true or false.
  const speaksOfAll = tuple.length === 0 && node.items?.always === undefined;
  return {
    node,
    kind: 'array',
    every: speaksOfAll ? node.items : undefined,
    tuple,
    rest: contentModel(speaksOfAll ? undefined : node.items, node.unevaluatedItems),
  };
}

function contentModel(
  rest: JsonSchemaNode | undefined,
  unevaluated: JsonSchemaNode | undefined,
): ContentModel {
  return {
    permits: rest?.always !== false,
    schema: rest?.always === undefined ? rest : undefined,
    unevaluated,
  };
}

function hasArrayWord(node: JsonSchemaNode): boolean {
  const others = [node.prefixItems, node.unevaluatedItems, node.additionalItems, node.contains];
  return hasAny(node, arrayWords) || others.some((word) => word !== undefined);
}

function hasObjectWord(node: JsonSchemaNode): boolean {
  if (node.propertyNames !== undefined) return true;
  if (!isModern(node)) return hasAny(node, [...objectWords, 'dependencies']);
  if (node.unevaluatedProperties ?? node.dependentRequired ?? node.dependentSchemas) return true;
  // From 2019-09 on a list of properties without any says nothing.
  const isEmpty = (word: string) =>
    (word === 'properties' || word === 'patternProperties') && (node[word]?.size ?? 0) === 0;
  return hasAny(
    node,
    objectWords.filter((word) => !isEmpty(word)),
  );
}

function isModern(node: JsonSchemaNode): boolean {
  return isSince(node.draft, '2019-09');
}

function hasAny(node: JsonSchemaNode, words: readonly string[]): boolean {
  return isRecord(node.json) && words.some((word) => Object.hasOwn(Object(node.json), word));
}
