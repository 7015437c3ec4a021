import { expect, test } from 'vitest';
import { readWithDependencies } from './read-with-dependencies.ts';

/** Files that exist nowhere but here. */
function filesOf(files: Readonly<Record<string, string>>): (file: string) => string | undefined {
  return (file) => files[file];
}

const namesOf = (schema: { readonly dependencies?: readonly { readonly name: string }[] }) =>
  schema.dependencies?.map(({ name }) => name);

test('imports of Protobuf are found from the folder of the file upwards, dependencies first', () => {
  const readText = filesOf({
    'proto/shop/order.proto':
      'import "shop/line.proto";\nimport public "money.proto";\nimport "google/protobuf/any.proto";',
    'proto/shop/line.proto': 'import "money.proto";',
    'proto/money.proto': '// none',
  });
  const schema = readWithDependencies({ file: 'proto/shop/order.proto' }, [], [], readText);
  expect(namesOf(schema)).toEqual(['money.proto', 'shop/line.proto']);
});

test('a $ref to a file beside the schema is read with it, and one with a scheme is not looked for', () => {
  const readText = filesOf({
    'order.json': '{"$ref":"address.json#/$defs/x","items":{"$ref":"https://example.com/y.json"}}',
    'address.json': '{"$ref":"#/$defs/y"}',
  });
  expect(namesOf(readWithDependencies({ file: 'order.json' }, [], [], readText))).toEqual(['address.json']);
});

test('what the mapping maps comes by the name that the text has for it, and after what it uses itself', () => {
  const readText = filesOf({ 'a.avsc': 'A', 'b.avsc': 'B', 'c.avsc': 'C' });
  const reference = (name: string, subject: string) => ({ name, subject, version: 'latest' as const });
  const c = { file: 'c.avsc', subject: 'c' };
  const b = { file: 'b.avsc', subject: 'b', references: [reference('shop.C', 'c')] };
  const a = {
    file: 'a.avsc',
    subject: 'a',
    references: [reference('shop.B', 'b'), reference('shop.C', 'c')],
  };
  expect(readWithDependencies(a, [], [a, b, c], readText).dependencies).toEqual([
    { name: 'shop.C', text: 'C' },
    { name: 'shop.B', text: 'B' },
  ]);
});

test('files that use each other in a circle are each read once', () => {
  const readText = filesOf({ 'a.proto': 'import "b.proto";', 'b.proto': 'import "a.proto";' });
  expect(namesOf(readWithDependencies({ file: 'a.proto' }, [], [], readText))).toEqual([
    'a.proto',
    'b.proto',
  ]);
});

test('a subject that no file is mapped to is named', () => {
  const references = [{ name: 'shop.B', subject: 'b', version: 'latest' as const }];
  const read = () => readWithDependencies({ file: 'a.avsc', references }, [], [], () => '{}');
  expect(read).toThrow('a.avsc uses b, which no file is mapped to');
});
