import { expect, test } from 'vitest';
import { createSchemaCache } from './schema-cache.ts';

const fixed = (name: string): string => `{"type":"fixed","name":"${name}","size":4}`;

test('a content is read once, whatever the spaces in its text', () => {
  const cache = createSchemaCache();
  expect(cache.parse({ type: 'AVRO', text: '{ "type": "int" }' })).toBe(
    cache.parse({ type: 'AVRO', text: '{"type":"int"}' }),
  );
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
