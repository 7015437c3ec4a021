import { describe, expect, test } from 'vitest';
import type { Policy } from '../../check-rules.ts';
import { parse } from '../testing/json-schema-builder.ts';
import { listDifferences } from './list-differences.ts';

function differences(writer: unknown, reader: unknown, policy: Policy = 'STRICT'): readonly string[] {
  const { differences: found, isCompatible } = listDifferences(parse(reader), parse(writer), policy);
  return [
    isCompatible ? 'compatible' : 'incompatible',
    ...found.map(({ kind, path }) => `${kind} ${path || '/'}`),
  ];
}

const text = { type: 'string' };
const number = { type: 'number' };
const whole = { type: 'integer' };
const list = (more: object) => ({ type: 'array', ...more });
const newest = (more: object) => ({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...more });

describe('one keyword that changes', () => {
  test.each<[string, object, unknown, unknown, string | undefined, string | undefined]>([
    ['maxLength', text, 5, 9, 'MAX_LENGTH_INCREASED', 'MAX_LENGTH_DECREASED'],
    ['maxLength', text, 5, undefined, 'MAX_LENGTH_REMOVED', 'MAX_LENGTH_ADDED'],
    ['minLength', text, 9, 5, 'MIN_LENGTH_DECREASED', 'MIN_LENGTH_INCREASED'],
    ['minLength', text, 9, undefined, 'MIN_LENGTH_REMOVED', 'MIN_LENGTH_ADDED'],
    ['pattern', text, '^a', undefined, 'PATTERN_REMOVED', 'PATTERN_ADDED'],
    ['maximum', number, 5, 9, 'MAXIMUM_INCREASED', 'MAXIMUM_DECREASED'],
    ['maximum', number, 5, undefined, 'MAXIMUM_REMOVED', 'MAXIMUM_ADDED'],
    ['minimum', number, 9, 5, 'MINIMUM_DECREASED', 'MINIMUM_INCREASED'],
    ['minimum', number, 9, undefined, 'MINIMUM_REMOVED', 'MINIMUM_ADDED'],
    ['exclusiveMaximum', number, 5, 9, 'EXCLUSIVE_MAXIMUM_INCREASED', 'EXCLUSIVE_MAXIMUM_DECREASED'],
    ['exclusiveMaximum', number, 5, undefined, 'EXCLUSIVE_MAXIMUM_REMOVED', 'EXCLUSIVE_MAXIMUM_ADDED'],
    ['exclusiveMinimum', number, 9, 5, 'EXCLUSIVE_MINIMUM_DECREASED', 'EXCLUSIVE_MINIMUM_INCREASED'],
    ['exclusiveMinimum', number, 9, undefined, 'EXCLUSIVE_MINIMUM_REMOVED', 'EXCLUSIVE_MINIMUM_ADDED'],
    ['multipleOf', number, 10, 5, 'MULTIPLE_OF_REDUCED', 'MULTIPLE_OF_EXPANDED'],
    ['multipleOf', number, 10, undefined, 'MULTIPLE_OF_REMOVED', 'MULTIPLE_OF_ADDED'],
    ['multipleOf', number, 0.1, 0.01, 'MULTIPLE_OF_REDUCED', 'MULTIPLE_OF_EXPANDED'],
    ['maxProperties', {}, 5, 9, 'MAX_PROPERTIES_INCREASED', 'MAX_PROPERTIES_DECREASED'],
    ['minProperties', {}, 9, 5, 'MIN_PROPERTIES_DECREASED', 'MIN_PROPERTIES_INCREASED'],
    ['maxProperties', { properties: {} }, 5, undefined, 'MAX_PROPERTIES_REMOVED', 'MAX_PROPERTIES_ADDED'],
    ['minProperties', { properties: {} }, 5, undefined, 'MIN_PROPERTIES_REMOVED', 'MIN_PROPERTIES_ADDED'],
    ['maxItems', list({}), 5, 9, 'MAX_ITEMS_INCREASED', 'MAX_ITEMS_DECREASED'],
    ['maxItems', list({}), 5, undefined, 'MAX_ITEMS_REMOVED', 'MAX_ITEMS_ADDED'],
    ['minItems', list({}), 9, 5, 'MIN_ITEMS_DECREASED', 'MIN_ITEMS_INCREASED'],
    ['minItems', list({}), 9, undefined, 'MIN_ITEMS_REMOVED', 'MIN_ITEMS_ADDED'],
    ['uniqueItems', list({}), true, undefined, 'UNIQUE_ITEMS_REMOVED', 'UNIQUE_ITEMS_ADDED'],
    ['enum', {}, ['a'], ['b', 'a'], 'ENUM_ARRAY_EXTENDED', 'ENUM_ARRAY_NARROWED'],
    [
      'minContains',
      newest(list({ contains: text })),
      3,
      2,
      'MIN_CONTAINS_DECREASED',
      'MIN_CONTAINS_INCREASED',
    ],
    [
      'maxContains',
      newest(list({ contains: text })),
      3,
      4,
      'MAX_CONTAINS_INCREASED',
      'MAX_CONTAINS_DECREASED',
    ],
    [
      'maxContains',
      newest(list({ contains: text })),
      3,
      undefined,
      'MAX_CONTAINS_REMOVED',
      'MAX_CONTAINS_ADDED',
    ],
  ])('%s of %j from %j to %j and back', (keyword, base, one, other, wider, narrower) => {
    const before = { ...base, [keyword]: one };
    const after = other === undefined ? base : { ...base, [keyword]: other };
    expect(differences(before, after)).toEqual(['compatible', `${wider} /${keyword}`]);
    expect(differences(after, before)).toEqual(['incompatible', `${narrower} /${keyword}`]);
  });

  test.each<[unknown, unknown, string]>([
    [{ ...text, pattern: 'a' }, { ...text, pattern: 'b' }, 'PATTERN_CHANGED /pattern'],
    [{ ...number, multipleOf: 10 }, { ...number, multipleOf: 11 }, 'MULTIPLE_OF_CHANGED /multipleOf'],
    [{ enum: ['a'] }, { enum: ['b'] }, 'ENUM_ARRAY_CHANGED /enum'],
    [{ const: 'a' }, { const: 'b' }, 'ENUM_ARRAY_CHANGED /const'],
    [{ type: 'object' }, list({}), 'TYPE_CHANGED /'],
    [number, whole, 'TYPE_NARROWED /'],
    [{ not: whole }, { not: number }, 'NOT_TYPE_EXTENDED /not'],
    [list({}), list({ items: text }), 'SCHEMA_ADDED /items'],
    [{ title: 'a', ...text }, { title: 'b', ...number }, 'TYPE_CHANGED /'],
    [{}, text, 'TYPE_CHANGED /'],
  ])('%j to %j breaks', (writer, reader, difference) => {
    expect(differences(writer, reader)).toEqual(['incompatible', difference]);
  });

  test.each<[unknown, unknown, readonly string[]]>([
    [whole, number, ['TYPE_EXTENDED /']],
    [{ not: number }, { not: whole }, ['NOT_TYPE_NARROWED /not']],
    [text, {}, []],
    [text, true, []],
    [false, text, []],
    [{ title: 'a', ...text }, { description: 'b', ...text }, ['TITLE_CHANGED /', 'DESCRIPTION_CHANGED /']],
    [{ $id: 'a', default: 1 }, { $id: 'b', default: 2 }, ['ID_CHANGED /', 'DEFAULT_CHANGED /']],
    [{ ...text, format: 'date' }, { ...text, format: 'time' }, []],
    [{ ...text, 'connect.type': 'bytes' }, { ...number, 'connect.type': 'bytes' }, []],
    [list({ items: { $ref: '#/definitions/a' }, definitions: { a: text } }), list({ items: text }), []],
  ])('%j to %j breaks nothing', (writer, reader, expected) => {
    expect(differences(writer, reader)).toEqual(['compatible', ...expected]);
  });
});

describe('a property that is added or removed', () => {
  const content = { open: {}, closed: { additionalProperties: false } };
  const kinds = {
    optional: {},
    required: { required: ['b'] },
    'required with default': { required: ['b'] },
  } as const;
  const base = { a: text };
  const table = (['STRICT', 'LENIENT'] as const).flatMap((policy) =>
    (['open', 'closed'] as const).flatMap((model) =>
      (['added', 'removed'] as const).flatMap((change) =>
        (['optional', 'required', 'required with default'] as const).map((kind) => ({
          policy,
          model,
          change,
          kind,
        })),
      ),
    ),
  );
  const isCompatible = ({ policy, model, change, kind }: (typeof table)[number]): boolean => {
    if (change === 'removed') return policy === 'LENIENT' || model === 'open';
    if (kind === 'required') return false;
    return policy === 'LENIENT' || model === 'closed';
  };

  test.each(table)('$policy, $model: $kind property $change', (each) => {
    const property = each.kind === 'required with default' ? { ...text, default: '' } : text;
    const without = { properties: base, ...content[each.model] };
    const withIt = { properties: { ...base, b: property }, ...kinds[each.kind], ...content[each.model] };
    const [writer, reader] = each.change === 'added' ? [without, withIt] : [withIt, without];
    const [verdict] = differences(writer, reader, each.policy);
    expect(verdict).toBe(isCompatible(each) ? 'compatible' : 'incompatible');
  });

  test.each<[unknown, unknown, readonly string[]]>([
    [{}, { b: text }, ['incompatible', 'OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL /properties/b']],
    [{}, { b: {} }, ['compatible', 'PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL /properties/b']],
    [{}, { b: true }, ['compatible', 'PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL /properties/b']],
    [{ b: text }, {}, ['compatible', 'PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL /properties/b']],
  ])('in an open object: %j to %j', (before, after, expected) => {
    expect(differences({ properties: before }, { properties: after })).toEqual(expected);
  });

  test.each<[string, object, object, readonly string[]]>([
    [
      'covered by a pattern',
      { properties: {}, patternProperties: { '^n_': whole }, additionalProperties: false },
      { properties: { n_1: number }, patternProperties: { '^n_': whole }, additionalProperties: false },
      [
        'compatible',
        'TYPE_EXTENDED /properties/n_1',
        'PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL /properties/n_1',
        'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL /properties/n_1',
      ],
    ],
    [
      'not covered by the additional schema',
      { additionalProperties: text },
      { properties: { n: number }, additionalProperties: text },
      [
        'incompatible',
        'TYPE_CHANGED /properties/n',
        'PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL /properties/n',
        'OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL /properties/n',
      ],
    ],
    [
      'removed and covered',
      { properties: { n: text }, additionalProperties: false },
      { properties: {}, additionalProperties: { oneOf: [{ type: 'null' }, text] } },
      [
        'compatible',
        'SUM_TYPE_EXTENDED /properties/n',
        'PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL /properties/n',
        'ADDITIONAL_PROPERTIES_ADDED /additionalProperties',
      ],
    ],
    [
      'removed and not covered',
      { properties: { n: number }, additionalProperties: false },
      { properties: {}, additionalProperties: text },
      [
        'incompatible',
        'TYPE_CHANGED /properties/n',
        'PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL /properties/n',
        'ADDITIONAL_PROPERTIES_ADDED /additionalProperties',
      ],
    ],
    [
      'that was never there',
      { properties: { n: false }, additionalProperties: false },
      { properties: {}, additionalProperties: false },
      ['compatible', 'PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL /properties/n'],
    ],
  ])('in a partly open or closed object: %s', (_what, writer, reader, expected) => {
    expect(differences(writer, reader)).toEqual(expected);
  });

  test('what leaves a property uncovered decides under the lenient policy too', () => {
    const [verdict] = differences(
      { additionalProperties: text },
      { properties: { n: number }, additionalProperties: text },
      'LENIENT',
    );
    expect(verdict).toBe('incompatible');
  });
});

describe('what may be beside what is named', () => {
  test.each<[unknown, unknown, string]>([
    [
      { additionalProperties: true },
      { additionalProperties: false },
      'ADDITIONAL_PROPERTIES_REMOVED /additionalProperties',
    ],
    [
      { additionalProperties: true },
      { additionalProperties: text },
      'ADDITIONAL_PROPERTIES_NARROWED /additionalProperties',
    ],
    [{ additionalProperties: text }, { additionalProperties: number }, 'TYPE_CHANGED /additionalProperties'],
    [{ additionalItems: true }, { additionalItems: false }, 'ADDITIONAL_ITEMS_REMOVED /additionalItems'],
    [newest({ items: true }), newest({ items: false }), 'ADDITIONAL_ITEMS_REMOVED /additionalItems'],
    [newest({ items: text }), newest({ items: number }), 'TYPE_CHANGED /items'],
    [
      newest({ minProperties: 1 }),
      newest({ minProperties: 1, unevaluatedProperties: false }),
      'UNEVALUATED_PROPERTIES_REMOVED /unevaluatedProperties',
    ],
    [
      newest({ minItems: 1 }),
      newest({ minItems: 1, unevaluatedItems: text }),
      'UNEVALUATED_ITEMS_NARROWED /unevaluatedItems',
    ],
  ])('%j to %j breaks', (writer, reader, difference) => {
    expect(differences(writer, reader)).toEqual(['incompatible', difference]);
  });

  test.each<[object, object, readonly string[]]>([
    [
      { items: [text] },
      { items: [text, number] },
      ['incompatible', 'ITEM_ADDED_TO_OPEN_CONTENT_MODEL /items/1'],
    ],
    [
      { items: [text] },
      { items: [text, true] },
      ['compatible', 'ITEM_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL /items/1'],
    ],
    [
      { items: [text, number] },
      { items: [text] },
      ['compatible', 'ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL /items/1'],
    ],
    [
      { items: [text], additionalItems: false },
      { items: [text, number], additionalItems: false },
      ['compatible', 'ITEM_ADDED_TO_CLOSED_CONTENT_MODEL /items/1'],
    ],
    [
      { items: [text, number], additionalItems: false },
      { items: [text], additionalItems: false },
      ['incompatible', 'ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL /items/1'],
    ],
    [
      { items: [text, false], additionalItems: false },
      { items: [text], additionalItems: false },
      ['compatible', 'ITEM_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL /items/1'],
    ],
    [
      { items: [text, number], additionalItems: text },
      { items: [text], additionalItems: text },
      [
        'incompatible',
        'TYPE_CHANGED /items/1',
        'ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL /items/1',
      ],
    ],
    [
      { items: [text], additionalItems: whole },
      { items: [text, number], additionalItems: whole },
      [
        'compatible',
        'TYPE_EXTENDED /items/1',
        'ITEM_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL /items/1',
      ],
    ],
  ])('tuples: %j to %j', (writer, reader, expected) => {
    expect(differences(list(writer), list(reader))).toEqual(expected);
    const inNewest = (old: object) => {
      const { items, additionalItems = undefined } = { additionalItems: undefined, items: undefined, ...old };
      return newest(
        list({ prefixItems: items, ...(additionalItems !== undefined && { items: additionalItems }) }),
      );
    };
    expect(differences(inNewest(writer), inNewest(reader))).toEqual(expected);
  });

  test.each<[object, object, readonly string[]]>([
    [{ a: ['b'] }, {}, ['compatible', 'DEPENDENCY_ARRAY_REMOVED /dependencies/a']],
    [{}, { a: ['b'] }, ['incompatible', 'DEPENDENCY_ARRAY_ADDED /dependencies/a']],
    [{ a: ['b'] }, { a: ['b', 'c'] }, ['incompatible', 'DEPENDENCY_ARRAY_EXTENDED /dependencies/a']],
    [{ a: ['b', 'c'] }, { a: ['b'] }, ['compatible', 'DEPENDENCY_ARRAY_NARROWED /dependencies/a']],
    [{ a: ['b'] }, { a: ['c'] }, ['incompatible', 'DEPENDENCY_ARRAY_CHANGED /dependencies/a']],
    [{ a: text }, {}, ['compatible', 'DEPENDENCY_SCHEMA_REMOVED /dependencies/a']],
    [{}, { a: text }, ['incompatible', 'DEPENDENCY_SCHEMA_ADDED /dependencies/a']],
    [{ a: text }, { a: number }, ['incompatible', 'TYPE_CHANGED /dependencies/a']],
  ])('dependencies: %j to %j', (writer, reader, expected) => {
    expect(differences({ dependencies: writer }, { dependencies: reader })).toEqual(expected);
  });
});

describe('schemas that are combined', () => {
  test.each<[unknown, unknown, readonly string[]]>([
    [{ oneOf: [text] }, { oneOf: [number, text] }, ['compatible', 'SUM_TYPE_EXTENDED /']],
    [{ oneOf: [number, text] }, { oneOf: [text] }, ['incompatible', 'SUM_TYPE_NARROWED /']],
    [{ allOf: [text] }, { allOf: [text, { enum: ['a'] }] }, ['incompatible', 'PRODUCT_TYPE_EXTENDED /']],
    [{ allOf: [text, { enum: ['a'] }] }, { allOf: [text] }, ['compatible', 'PRODUCT_TYPE_NARROWED /']],
    [{ allOf: [text, text] }, { allOf: [text] }, ['compatible']],
    [{ oneOf: [text] }, { oneOf: [number] }, ['incompatible', 'COMBINED_TYPE_SUBSCHEMAS_CHANGED /']],
    [{ oneOf: [text, number] }, { anyOf: [number, text] }, ['compatible', 'COMBINED_TYPE_EXTENDED /']],
    [{ anyOf: [text, number] }, { oneOf: [text] }, ['incompatible', 'COMBINED_TYPE_CHANGED /']],
    [
      { anyOf: [text] },
      { oneOf: [number, text] },
      ['compatible', 'COMBINED_TYPE_EXTENDED /', 'SUM_TYPE_EXTENDED /'],
    ],
    [{ oneOf: [text] }, { allOf: [text] }, ['compatible', 'COMBINED_TYPE_EXTENDED /']],
    [{ oneOf: [text] }, { allOf: [text, number] }, ['incompatible', 'COMBINED_TYPE_CHANGED /']],
    [text, { anyOf: [number, text] }, ['compatible', 'SUM_TYPE_EXTENDED /']],
    [text, { allOf: [text] }, ['compatible']],
    [text, { allOf: [number, text] }, ['incompatible', 'TYPE_CHANGED /']],
    [{ ...text, enum: ['a'] }, text, ['compatible', 'PRODUCT_TYPE_NARROWED /']],
    [{ type: ['string'] }, { type: ['string', 'null'] }, ['compatible', 'SUM_TYPE_EXTENDED /']],
    [
      { allOf: [text, { enum: ['a'] }] },
      { allOf: [{ enum: ['a', 'b'] }, text] },
      ['compatible', 'ENUM_ARRAY_EXTENDED /allOf/1/enum'],
    ],
  ])('%j to %j', (writer, reader, expected) => {
    expect(differences(writer, reader)).toEqual(expected);
  });

  // An alternative that only one of the others reads must be left to it, whoever comes first.
  test('as many alternatives as can be are matched', () => {
    const [narrow, wide] = [
      { ...text, maxLength: 3 },
      { ...text, maxLength: 9 },
    ];
    expect(differences({ oneOf: [narrow, wide] }, { oneOf: [wide, { ...text, maxLength: 5 }] })[0]).toBe(
      'compatible',
    );
  });
});

describe('schemas that lead into themselves', () => {
  const product = (names: readonly string[]) => ({
    oneOf: names.map((name) => ({ $ref: `#/definitions/${name}` })),
  });

  test('a difference deep in a circle is found, whatever was assumed on the way', () => {
    const schema = (one: string, other: string) => {
      const part = (type: string, next: string) => ({ properties: { id: { type }, next: product([next]) } });
      return {
        definitions: { A: part(one, 'C'), B: part(other, 'C'), C: part('integer', 'A') },
        properties: { root: product(['A', 'B']) },
      };
    };
    expect(differences(schema('integer', 'boolean'), schema('boolean', 'number'))[0]).toBe('incompatible');
    expect(differences(schema('integer', 'boolean'), schema('integer', 'boolean'))).toEqual(['compatible']);
  });

  test('many definitions that all use each other are compared in bounded time', () => {
    const names = Array.from({ length: 14 }, (_, index) => `T${index}`);
    const definitions = Object.fromEntries(
      names.map((name) => [name, { properties: { [name]: text, a: product(names), b: product(names) } }]),
    );
    const begun = performance.now();
    expect(differences({ definitions, ...product(names) }, { definitions, ...product(names) })[0]).toBe(
      'compatible',
    );
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  test('a chain of schemas that is longer than the stack is compared to its end', () => {
    const definitions: Record<string, unknown> = {};
    for (let index = 0; index < 2_000; index += 1) {
      definitions[`d${index}`] = { properties: { next: { $ref: `#/definitions/d${index + 1}` } } };
    }
    const schema = (type: string) => ({
      properties: { a: { $ref: '#/definitions/d0' } },
      definitions: { ...definitions, d2000: { type } },
    });
    expect(differences(schema('string'), schema('number'))[0]).toBe('incompatible');
    expect(differences(schema('string'), schema('string'))).toEqual(['compatible']);
  });

  test('alternatives that multiply are refused in less than a second', () => {
    const branches = (depth: number, salt: string): object =>
      depth === 0
        ? { const: salt }
        : { anyOf: Array.from({ length: 9 }, (_, index) => branches(depth - 1, `${salt}${index}`)) };
    const [writer, reader] = [parse(branches(4, 'w')), parse(branches(4, 'r'))];
    const begun = process.cpuUsage();
    expect(() => listDifferences(reader, writer, 'STRICT')).toThrow('too many steps');
    const { user, system } = process.cpuUsage(begun);
    // Work, not time: a busy machine must not fail it.
    expect((user + system) / 1_000).toBeLessThan(1_500);
  });
});
