import { expect, test } from 'vitest';
import { meetsInventory, unionTags } from './inventory-demand.ts';

const fields = [
  { path: 'email', type: 'string', sourcePath: 'E-Mail' },
  { path: 'total', type: 'long', sourcePath: 'total' },
];

test('a publish lacks what the inventory demands, and all of it is told at once (R10)', () => {
  const missing = meetsInventory({ tags: {} }, fields, {
    tags: { 'E-Mail': ['pii', 'gdpr'], total: [] },
    dataClass: 'confidential',
    retention: 'P90D',
  });
  expect(missing.map(({ what, fieldPath, demanded }) => [what, fieldPath, demanded])).toEqual([
    ['TAG', 'email', 'gdpr'],
    ['TAG', 'email', 'pii'],
    ['DATA_CLASS', '', 'confidential'],
    ['RETENTION', '', 'P90D'],
  ]);
});

test.each([
  [
    'a stricter class than demanded',
    { tags: {}, dataClass: 'restricted' },
    { tags: {}, dataClass: 'internal' },
    0,
  ],
  ['a milder class than demanded', { tags: {}, dataClass: 'public' }, { tags: {}, dataClass: 'internal' }, 1],
  ['any retention where one is demanded', { tags: {}, retention: 'P7Y' }, { tags: {}, retention: true }, 0],
  ['no retention where none is demanded', { tags: {} }, { tags: {}, retention: false }, 0],
  [
    'a shorter retention than the longest allowed',
    { tags: {}, retention: 'P1M' },
    { tags: {}, retention: 'P90D' },
    0,
  ],
  ['a longer one', { tags: {}, retention: 'P1Y' }, { tags: {}, retention: 'P90D' }, 1],
  ['tags of a column that the schema does not have', { tags: {} }, { tags: { phone: ['pii'] } }, 0],
  ['more tags than demanded', { tags: { email: ['pii', 'x'] } }, { tags: { email: ['pii'] } }, 0],
] as const)('%s: %#', (_what, governance, demand, count) => {
  expect(meetsInventory(governance, fields, demand)).toHaveLength(count);
});

test('the gate believes whoever says that a field is personal (R46)', () => {
  expect(unionTags({ a: ['pii'], b: ['x'] }, { a: ['gdpr', 'pii'], constructor: ['y'] })).toEqual({
    a: ['gdpr', 'pii'],
    b: ['x'],
    constructor: ['y'],
  });
});
