import { expect, test } from 'vitest';
import { createSchemaCache } from './schema-cache.ts';

const fixed = (name: string): string => `{"type":"fixed","name":"${name}","size":4}`;

test('a content is read once, whatever the spaces in its text', () => {
  const cache = createSchemaCache();
  expect(cache.parse({ type: 'AVRO', text: '{ "type": "int" }' })).toBe(
    cache.parse({ type: 'AVRO', text: '{"type":"int"}' }),
  );
});

test('a schema counts with all that it uses', () => {
  const text = '{"type":"array","items":"A"}';
  const dependencies = [{ name: 'A', text: fixed('A') }];
  const cache = createSchemaCache(text.length + fixed('B').length);
  const b = cache.parse({ type: 'AVRO', text: fixed('B') });
  cache.parse({ type: 'AVRO', text, references: [{ name: 'A', subject: 'a', version: 1 }], dependencies });
  expect(cache.find(b.digest)).toBeUndefined();
});

test('an outline is made once for a content', () => {
  const cache = createSchemaCache();
  const source = { type: 'AVRO', text: fixed('A') } as const;
  const schema = cache.parse(source);
  expect(cache.outline({ schema, source })).toBe(cache.outline({ schema, source: { ...source } }));
});

test('the schema that was used longest ago goes first', () => {
  const cache = createSchemaCache(2 * fixed('A').length);
  const a = cache.parse({ type: 'AVRO', text: fixed('A') });
  const b = cache.parse({ type: 'AVRO', text: fixed('B') });
  expect(cache.find(a.digest)).toBe(a);
  cache.parse({ type: 'AVRO', text: fixed('C') });
  expect(cache.find(b.digest)).toBeUndefined();
  expect(cache.find(a.digest)).toBe(a);
});
