import { expect, test } from 'vitest';
import { translatePointer } from './translate-pointer.ts';

const old = { fields: [{ name: 'id' }, { name: 'total', type: ['null', 'int'] }], symbols: ['A', 'B'] };
const now = { fields: [{ name: 'total', type: ['int', 'null'] }], symbols: ['B'] };

test.each([
  ['/fields/1/type', '/fields/0/type'],
  ['/fields/1/type/1', '/fields/0/type/0'],
  ['/symbols/1', '/symbols/0'],
  // What is gone leaves the place that it was in.
  ['/fields/0/type', '/fields'],
  ['/symbols/0', '/symbols'],
  ['/none', ''],
])('%s of the old schema is %s of the new one', (pointer, expected) => {
  expect(translatePointer(old, now, pointer)).toBe(expected);
});
