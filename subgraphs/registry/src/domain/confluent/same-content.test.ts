import { expect, test } from 'vitest';
import { isSameContent, storedText } from './same-content.ts';

const content = (text: string, more: object = {}) => ({
  type: 'AVRO' as const,
  text,
  references: [],
  metadata: undefined,
  ruleSet: undefined,
  ...more,
});

test('an Avro schema is stored as Java writes it', () => {
  expect(
    storedText(
      'AVRO',
      `{ "name": "A", "fields": [ { "type": { "type": "int" }, "name": "x", "doc": "why" } ], "doc": "d", "namespace": "n", "type": "record", "own": { "b": 1, "a": 2 } }`,
    ),
  ).toBe(
    '{"type":"record","name":"A","namespace":"n","doc":"d","fields":[{"name":"x","type":"int","doc":"why"}],"own":{"b":1,"a":2}}',
  );
});

test('a default that no double holds is kept to the digit', () => {
  const exact =
    '{"type":"record","name":"A","fields":[{"name":"x","type":"long","default":9007199254740993}]}';
  expect(storedText('AVRO', exact)).toBe(exact);
});

test('contents are one whatever their spaces, order of references and position, and two with other facts', () => {
  const a = { name: 'a', subject: 's', version: 1 };
  const b = { name: 'b', subject: 's', version: 2 };
  const base = content('"int"', { references: [a, b] });
  expect(isSameContent(base, content('{"type": "int"}', { references: [b, a] }))).toBe(true);
  const positioned = { metadata: { properties: { 'confluent:version': '3' } } };
  expect(isSameContent(content('"int"', positioned), content('"int"'))).toBe(true);
  expect(isSameContent(content('"int"', { metadata: { properties: { a: '1' } } }), content('"int"'))).toBe(
    false,
  );
  expect(isSameContent(content('"int"', { ruleSet: { domainRules: [] } }), content('"int"'))).toBe(false);
});
