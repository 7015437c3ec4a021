import { expect, test } from 'vitest';
import { normalizeJsonSchema } from './normalize-json-schema.ts';

test('members are sorted at every level, spaces go, numbers and texts stay as they are', () => {
  const text =
    '{ "type" : "object", "minimum": 1.0, "allOf": [ {"b": [2, 1], "a": "x , y: \\"z\\""} ], "$id": "u" }';
  expect(normalizeJsonSchema(text)).toBe(
    '{"$id":"u","allOf":[{"a":"x , y: \\"z\\"","b":[2,1]}],"minimum":1.0,"type":"object"}',
  );
});

test.each(['true', '{}', '[]', '{"a":{}}', '{"__proto__":1e3,"b":[[],{}]}'])('%s is its own form', (text) => {
  expect(normalizeJsonSchema(text)).toBe(text);
});

test('of two members of one name the last counts', () => {
  expect(normalizeJsonSchema('{"a":1,"a":2}')).toBe('{"a":2}');
});
