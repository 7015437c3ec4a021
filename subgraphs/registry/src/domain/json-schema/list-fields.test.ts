import { expect, test } from 'vitest';
import { listJsonFields } from './list-fields.ts';
import { parse } from './testing/json-schema-builder.ts';

const paths = (json: unknown) => listJsonFields(parse(json)).map(({ path, type }) => `${path}: ${type}`);

test('fields are listed with those of objects, arrays, maps and alternatives inside them', () => {
  const schema = {
    type: 'object',
    required: ['email', 'lines'],
    properties: {
      email: { type: 'string' },
      born: { type: 'string', format: 'date' },
      address: { $ref: '#/definitions/address' },
      lines: {
        type: 'array',
        items: { type: 'object', required: ['sku'], properties: { sku: { type: 'string' } } },
      },
      prices: {
        type: 'object',
        additionalProperties: { type: 'object', properties: { amount: { type: ['number', 'null'] } } },
      },
      note: { oneOf: [{ type: 'null' }, { type: 'string' }] },
      tags: { type: 'array', items: { type: ['string', 'integer'] } },
      state: { enum: ['open', 'closed'] },
      anything: true,
    },
    allOf: [{ properties: { id: { type: ['string', 'integer'] } } }],
    definitions: { address: { type: 'object', properties: { city: { type: 'string' } } } },
  };
  expect(paths(schema)).toEqual([
    'email: string',
    'born: string? (date)',
    'address: object?',
    'address.city: string?',
    'lines: object[]',
    'lines[].sku: string',
    'prices: map<object>?',
    'prices{}.amount: number?',
    'note: string?',
    'tags: (string | integer)[]?',
    'state: string?',
    'anything: any?',
    'id: (string | integer)?',
  ]);
});

test('an object inside itself is not opened again', () => {
  expect(paths({ properties: { next: { $ref: '#' }, name: { type: 'string' } } })).toEqual([
    'next: object?',
    'name: string?',
  ]);
});

test('a schema whose alternatives multiply is listed in bounded time', () => {
  const definitions: Record<string, unknown> = { d40: { properties: { end: { type: 'string' } } } };
  for (let index = 0; index < 40; index += 1) {
    const next = { $ref: `#/definitions/d${index + 1}` };
    definitions[`d${index}`] = { allOf: [next, { anyOf: [next] }] };
  }
  expect(paths({ $ref: '#/definitions/d0', definitions })).toEqual(['end: string?']);
});
