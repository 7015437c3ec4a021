import fc from 'fast-check';
import { expect, test } from 'vitest';
import { javaAvroText, normalizeAvro } from './avro-text.ts';
import { canonicalForm } from './canonical-form.ts';
import { parseAvro } from './parse-avro.ts';
import { createGenes } from './testing/genes.ts';
import { growShape, writeShape } from './testing/schema-shape.ts';

test.each([
  [
    'attributes in one order',
    '{"fields":[], "name":"R", "type":"record"}',
    '{"type":"record","name":"R","fields":[]}',
  ],
  [
    'names without the namespace around them, and with it where it changes',
    '{"type":"record","name":"a.R","fields":[{"name":"x","type":{"type":"enum","name":"a.E","symbols":["A"]}},{"name":"y","type":{"type":"fixed","name":"b.F","size":1}},{"name":"z","type":"a.E"},{"name":"w","type":"b.F"}]}',
    '{"type":"record","name":"R","namespace":"a","fields":[{"name":"x","type":{"type":"enum","name":"E","symbols":["A"]}},{"name":"y","type":{"type":"fixed","name":"F","namespace":"b","size":1}},{"name":"z","type":"E"},{"name":"w","type":"b.F"}]}',
  ],
  [
    'a type of no namespace inside one',
    '{"type":"record","name":"a.R","fields":[{"name":"x","type":{"type":"fixed","name":"F","namespace":"","size":1}}]}',
    '{"type":"record","name":"R","namespace":"a","fields":[{"name":"x","type":{"type":"fixed","name":"F","namespace":"","size":1}}]}',
  ],
  [
    'a field: type, doc, default, order, aliases, attributes of others',
    '{"type":"record","name":"R","fields":[{"x.unit":"m","aliases":["b"],"order":"ignore","default":0,"doc":"A","type":{"type":"int"},"name":"a"},{"name":"c","type":"int","order":"ascending"}]}',
    '{"type":"record","name":"R","fields":[{"name":"a","type":"int","doc":"A","default":0,"order":"ignore","aliases":["b"],"x.unit":"m"},{"name":"c","type":"int"}]}',
  ],
  [
    'numbers to the last digit, fractions as Java writes them',
    '{"type":"record","name":"R","fields":[{"name":"a","type":"long","default":9223372036854775807},{"name":"b","type":"double","default":0.0},{"name":"c","type":"double","default":1e10},{"name":"d","type":"double","default":0.00012}]}',
    '{"type":"record","name":"R","fields":[{"name":"a","type":"long","default":9223372036854775807},{"name":"b","type":"double","default":0.0},{"name":"c","type":"double","default":1.0E10},{"name":"d","type":"double","default":1.2E-4}]}',
  ],
  [
    'the scale that a decimal does not tell',
    '{"logicalType":"decimal","type":"bytes","precision":4}',
    '{"type":"bytes","logicalType":"decimal","precision":4,"scale":0}',
  ],
  ['a primitive without attributes', '{"type":"string"}', '"string"'],
  [
    'an alias of its own namespace',
    '{"type":"fixed","name":"a.F","aliases":["a.G","b.H"],"size":1}',
    '{"type":"fixed","name":"F","namespace":"a","size":1,"aliases":["G","b.H"]}',
  ],
])('the text as Java writes it has %s', (_what, text, expected) => {
  expect(javaAvroText(text)).toBe(expected);
  expect(javaAvroText(expected)).toBe(expected);
});

test.each([
  [
    'sorts attributes, and those inside them',
    '{"type":"record","name":"R","b":{"y":1,"x":2},"a":1,"fields":[]}',
    '{"type":"record","name":"R","fields":[],"a":1,"b":{"x":2,"y":1}}',
  ],
  [
    'sorts aliases',
    '{"type":"fixed","name":"F","aliases":["b","a"],"size":1}',
    '{"type":"fixed","name":"F","size":1,"aliases":["a","b"]}',
  ],
  [
    'drops empty documentation of types',
    '{"type":"fixed","name":"F","doc":"","size":1}',
    '{"type":"fixed","name":"F","size":1}',
  ],
  [
    'writes a whole default of a double as a fraction',
    '{"type":"record","name":"R","fields":[{"name":"a","type":"double","default":0}]}',
    '{"type":"record","name":"R","fields":[{"name":"a","type":"double","default":0.0}]}',
  ],
  [
    'puts the logical type before the other attributes',
    '{"type":"bytes","connect.name":"D","scale":2,"precision":4,"logicalType":"decimal"}',
    '{"type":"bytes","logicalType":"decimal","precision":4,"scale":2,"connect.name":"D"}',
  ],
])('normalizing %s', (_what, text, expected) => {
  expect(normalizeAvro(text)).toBe(expected);
  expect(normalizeAvro(expected)).toBe(expected);
});

test('types of referenced schemas stay names, also where the text defines them again', () => {
  const money =
    '{"type":"record","name":"core.Money","fields":[{"name":"unit","type":{"type":"enum","name":"Unit","symbols":["EUR"]}}]}';
  const references = [{ name: 'core.Money', text: money }];
  const text = `{"type":"record","name":"core.Order","fields":[{"name":"a","type":"Money"},{"name":"b","type":"core.Unit"}]}`;
  expect(normalizeAvro(text, references)).toBe(
    '{"type":"record","name":"Order","namespace":"core","fields":[{"name":"a","type":"Money"},{"name":"b","type":"Unit"}]}',
  );
  expect(normalizeAvro(`[${money},"int"]`, references)).toBe('["core.Money","int"]');
});

test.each([
  ['Java', javaAvroText],
  ['normalized', normalizeAvro],
])('property: the %s text means the same as what it was made of, and stays as it is', (_what, write) => {
  fc.assert(
    fc.property(fc.array(fc.nat(9_999), { minLength: 30, maxLength: 60 }), (numbers) => {
      const text = JSON.stringify(writeShape(growShape(createGenes(numbers))));
      const again = write(text);
      expect(canonicalForm(parseAvro(again), 'resolution')).toBe(
        canonicalForm(parseAvro(text), 'resolution'),
      );
      expect(write(again)).toBe(again);
    }),
    { numRuns: 300 },
  );
});
