import fc from 'fast-check';
import { isRecord } from '../../json.ts';

const names = ['a', 'b', 'c', 'x1'];
const patterns = ['^x', '[ab]', '^[a-c]$', '1$'];
const small = fc.integer({ min: -3, max: 6 });
const count = fc.integer({ min: 0, max: 3 });

/** As a parser makes it: objects of fast-check may have no prototype. */
function parsed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Values that the schemas below are likely to tell apart. */
export const someValue: fc.Arbitrary<unknown> = fc
  .letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', maxDepth: 3 },
      fc.constantFrom<unknown>(null, true, false, 0, 1, 2, 3, 1.5, -1, 6, '', 'a', 'b', 'x1', 'abc'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names, 'other'), tie('value'), { maxKeys: 3 }),
    ),
  }))
  .value.map(parsed);

const keywordsOfAll = {
  type: fc.oneof(
    fc.constantFrom('null', 'boolean', 'integer', 'number', 'string', 'array', 'object'),
    fc.uniqueArray(fc.constantFrom('null', 'integer', 'number', 'string', 'object'), {
      minLength: 1,
      maxLength: 3,
    }),
  ),
  enum: fc.uniqueArray(fc.constantFrom<unknown>('a', 'b', 1, 2, null, true), { minLength: 1, maxLength: 3 }),
  const: fc.constantFrom<unknown>('a', 'b', 1, null),
  minimum: small,
  maximum: small,
  exclusiveMinimum: small,
  exclusiveMaximum: small,
  multipleOf: fc.constantFrom(1, 2, 3),
  minLength: count,
  maxLength: count,
  pattern: fc.constantFrom(...patterns),
  minItems: count,
  maxItems: count,
  uniqueItems: fc.boolean(),
  minProperties: count,
  maxProperties: count,
  required: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }),
};

/** Schemas of a draft, with every keyword that says what fits. They may lead back to their root. */
export function someSchema(draft: 'draft-07' | '2020-12'): fc.Arbitrary<unknown> {
  const { schema } = fc.letrec((tie) => {
    const inner = tie('schema');
    const list = fc.array(inner, { minLength: 1, maxLength: 3 });
    const properties = fc.dictionary(fc.constantFrom(...names), fc.oneof(inner, fc.constant({ $ref: '#' })), {
      maxKeys: 3,
    });
    const byPattern = fc.dictionary(fc.constantFrom(...patterns), inner, { maxKeys: 2 });
    const needs = fc.dictionary(
      fc.constantFrom(...names),
      fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }),
      {
        maxKeys: 1,
      },
    );
    const shared = {
      ...keywordsOfAll,
      properties,
      patternProperties: byPattern,
      additionalProperties: inner,
      propertyNames: fc.constantFrom<unknown>({ maxLength: 1 }, { pattern: '^[a-c]$' }, { enum: ['a', 'b'] }),
      contains: inner,
      allOf: list,
      anyOf: list,
      oneOf: list,
      not: inner,
      if: inner,
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: inner,
      else: inner,
    };
    const ofDraft =
      draft === '2020-12'
        ? {
            prefixItems: list,
            items: inner,
            unevaluatedItems: inner,
            unevaluatedProperties: inner,
            minContains: count,
            maxContains: count,
            dependentRequired: needs,
            dependentSchemas: fc.dictionary(fc.constantFrom(...names), inner, { maxKeys: 1 }),
          }
        : { items: fc.oneof(inner, list), additionalItems: inner, dependencies: needs };
    return {
      schema: fc.oneof(
        { depthSize: 'small', maxDepth: 3, withCrossShrink: true },
        { weight: 1, arbitrary: fc.boolean() },
        { weight: 6, arbitrary: pick(keywordsOfAll) },
        { weight: 6, arbitrary: pick({ ...shared, ...ofDraft }) },
      ),
    };
  });
  return schema.map((json) => comparable(parsed(json), draft));
}

/** One to four of the keywords. */
function pick(keywords: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  return fc
    .uniqueArray(fc.constantFrom(...Object.keys(keywords)), { minLength: 1, maxLength: 4 })
    .chain((chosen) =>
      fc.record(Object.fromEntries(chosen.map((word) => [word, keywords[word] ?? fc.constant(true)]))),
    );
}

const holdsOne = new Set([
  'additionalProperties',
  'items',
  'additionalItems',
  'contains',
  'not',
  'if',
  'then',
  'else',
  'unevaluatedProperties',
]);

/** A schema that differs from another in one place, as the next version of it does. */
export function nextVersion(schema: unknown, inner: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return inner;
  const members = Object.entries(schema);
  const [keyword, value] = members.find(([word, inside]) => holdsOne.has(word) && isRecord(inside)) ?? [];
  const without = members.map(([left]) => Object.fromEntries(members.filter(([other]) => other !== left)));
  const changed = inner.map((other) =>
    typeof other === 'object' && other !== null ? { ...schema, ...other } : other,
  );
  const deeper =
    keyword === undefined
      ? fc.constant(schema)
      : nextVersion(value, inner).map((next) => ({ ...schema, [keyword]: next }));
  return fc.oneof(changed, ...without.map((each) => fc.constant(each)), deeper);
}

/**
 * The schema without what ajv reads in another way than the specification: it does not ignore what stands beside `$ref` in
 * draft-07, forgets `contains` beside a tuple, and takes parts of a value for seen by an alternative that does not fit, and
 * all items for seen by `contains`. Our own tables hold these.
 */
export function comparable(json: unknown, draft: 'draft-07' | '2020-12'): unknown {
  const text = JSON.stringify(json);
  const hasChoice = /"(?:anyOf|oneOf|if|not|dependentSchemas)"/.test(text);
  const hasUnseenItems = text.includes('"unevaluatedItems"') && !hasChoice;
  return rewrite(json, (schema) => {
    if (draft === 'draft-07' && '$ref' in schema) return { $ref: schema['$ref'] };
    const hasTuple = 'prefixItems' in schema || Array.isArray(schema['items']);
    const left = new Set([
      ...(hasTuple || hasUnseenItems ? ['contains'] : []),
      ...(hasChoice ? ['unevaluatedItems', 'unevaluatedProperties'] : []),
    ]);
    return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !left.has(keyword)));
  });
}

/** The same schema with `contains` said in other words: ajv forgets it for an empty array behind one that has what it asks for. */
export function withoutContains(json: unknown): unknown {
  return rewrite(json, (schema) => {
    const { contains, minContains = 1, maxContains, allOf = [], ...rest } = schema;
    if (contains === undefined || minContains !== 1 || maxContains !== undefined || !Array.isArray(allOf))
      return schema;
    const isThere = { anyOf: [{ not: { type: 'array' } }, { not: { items: { not: contains } } }] };
    return { ...rest, allOf: [...allOf, isThere] };
  });
}

function rewrite(
  json: unknown,
  change: (schema: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): unknown {
  return JSON.parse(JSON.stringify(json), (_key, value: unknown) =>
    isRecord(value) ? change(value) : value,
  );
}
