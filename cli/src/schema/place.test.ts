import { expect, test } from 'vitest';
import { codeFrame } from './code-frame.ts';
import { type Place, placeOf, placeOfFault } from './place.ts';

const order = `{
  "type": "record",
  "name": "Order",
  "fields": [
    { "name": "id", "type": "long" },
    { "name": "from", "type": { "type": "record", "name": "Address", "fields": [
      { "name": "city", "type": "string" }
    ] } },
    { "name": "to", "type": "Address" }
  ]
}
`;

const shop = `syntax = "proto3";
package shop;

message Order {
  int64 id = 1;
  message Line { string sku = 1; }
  enum State { STATE_UNSPECIFIED = 0; NEW = 1; }
}
`;

const plain = { dim: (text: string) => text, red: (text: string) => text };

/** What a place covers, of its first line. */
function textAt(text: string, { line, column, endLine, endColumn }: Place): string {
  const content = text.split('\n')[line - 1] ?? '';
  return content.slice(column - 1, endLine === line ? endColumn - 1 : undefined);
}

test.each([
  ['/fields/0/type', '"long"'],
  ['/fields/1/type/fields/0', '{ "name": "city", "type": "string" }'],
  // A type is defined at its first use: what is found in it at a later use is there.
  ['/fields/2/type/fields/0', '{ "name": "city", "type": "string" }'],
  ['', '{'],
])('the pointer %j of an Avro check stands at %j', (pointer, expected) => {
  const place = placeOf({ type: 'AVRO', text: order }, pointer);
  expect(textAt(order, place)).toBe(expected);
});

test('a pointer that leads further than the text stands at the last step that there is', () => {
  const text = '{"properties":{"a/b":{"type":"string"}}}';
  const place = placeOf({ type: 'JSON', text }, '/properties/a~1b/type/0/none');
  expect(textAt(text, place)).toBe('"string"');
});

test.each([
  ['/Order', 4, 'Order'],
  ['/Order/fields/1', 5, 'id'],
  ['/Order/Line/fields/1', 6, 'sku'],
  ['/Order/State/values/1', 7, 'NEW'],
  ['/Order/fields/9', 4, 'Order'],
])('the pointer %j of a Protobuf check stands on line %d at %s', (pointer, line, word) => {
  const place = placeOf({ type: 'PROTOBUF', text: shop }, pointer);
  expect(place.line).toBe(line);
  expect(textAt(shop, place)).toBe(word);
});

test('a text that is no JSON is at fault where it stops being JSON', () => {
  const text = '{\n  "type": "record",\n  "name" "Order"\n}';
  expect(placeOfFault(text, '')).toMatchObject({ line: 3, column: 10 });
});

test('a text that nests too deep for its places to be found has its fault at the beginning', () => {
  expect(placeOfFault('['.repeat(200_000), '/0')).toMatchObject({ line: 1, column: 1 });
});

test('a frame shows two lines before the place, and a caret under all of it', () => {
  const place = placeOf({ type: 'AVRO', text: order }, '/fields/0/type');
  expect(codeFrame(order, place, plain)).toBe(
    [
      '3 |   "name": "Order",',
      '4 |   "fields": [',
      '5 |     { "name": "id", "type": "long" },',
      '  |                             ^^^^^^',
    ].join('\n'),
  );
});

test('a frame of one long line is cut to what is around the place', () => {
  const fields = Array.from({ length: 40 }, (_, index) => ({ name: `f${index}`, type: 'long' }));
  const text = JSON.stringify({ type: 'record', name: 'Order', fields });
  const frame = codeFrame(text, placeOf({ type: 'AVRO', text }, '/fields/30/type'), plain);
  const [content = '', carets = ''] = frame.split('\n');
  expect(content.length).toBeLessThan(120);
  expect(content.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('"long"');
});
