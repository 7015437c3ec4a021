import { expect, test } from 'vitest';
import { type DemandedObligation, deliveredTable } from './delivered-table.ts';
import { aColumn, aRelation } from './relation-builder.ts';

const customers = aRelation({
  table: 'customers',
  columns: [
    aColumn({ name: 'id' }),
    aColumn({ name: 'email', typeOid: 25, typeText: 'text' }),
    aColumn({ name: 'place', typeOid: 600, typeText: 'point' }),
  ],
});
const key = Buffer.from('0123456789abcdef');

test('the strictest of several obligations on one column holds', () => {
  const types = [
    { type: 'drop', fields: ['email'] },
    { type: 'mask', fields: ['email'] },
    { type: 'hash', fields: ['email'] },
  ];
  for (const obligations of [types, [...types].reverse()]) {
    expect(deliveredTable(customers, obligations, key, 1).obligations.get('email')).toEqual({ type: 'drop' });
  }
});

test('the key leaves the configuration only when a column is hashed', () => {
  expect(deliveredTable(customers, [{ type: 'mask', fields: ['email'] }], key, 1).obligationKey).toBeNull();
  expect(deliveredTable(customers, [{ type: 'hash', fields: ['email'] }], key, 1).obligationKey).toBe(key);
});

test.each<[string, readonly DemandedObligation[], Buffer | null]>([
  ['an unknown obligation', [{ type: 'encrypt', fields: ['email'] }], key],
  ['an unknown obligation on no column at all', [{ type: 'generalise', fields: [] }], key],
  ['a column that does not exist', [{ type: 'mask', fields: ['phone'] }], key],
  ['a masked key column', [{ type: 'mask', fields: ['id'] }], key],
  ['a dropped key column', [{ type: 'drop', fields: ['id'] }], key],
  ['a hash without a key', [{ type: 'hash', fields: ['email'] }], null],
  ['a token in format for a key column', [{ type: 'tokenise', fields: ['id'], keep: 'format' }], key],
  ['a shortened key column', [{ type: 'truncate', fields: ['id'], to: 2 }], key],
  ['a text shortened to no length', [{ type: 'truncate', fields: ['email'] }], key],
  ['a shortened type without a canonical text', [{ type: 'truncate', fields: ['place'], to: 2 }], key],
  ['a token without a key', [{ type: 'tokenise', fields: ['email'] }], null],
  ['a hash of a type without a canonical text', [{ type: 'hash', fields: ['place'] }], key],
])('%s is refused: nothing may leave', (_, obligations, obligationKey) => {
  expect(() => deliveredTable(customers, obligations, obligationKey, 1)).toThrowError(
    expect.objectContaining({ code: 'OBLIGATION_INVALID' }),
  );
});

test.each(['hash', 'tokenise'])('a key column may have a %s', (type) => {
  const { obligations } = deliveredTable(customers, [{ type, fields: ['id'] }], key, 1);
  expect(obligations.get('id')).toEqual({ type });
});

test('of two tokens on one column the one that tells no format holds', () => {
  const both = [
    { type: 'tokenise', fields: ['email'], keep: 'format' },
    { type: 'tokenise', fields: ['email'] },
  ] as const;
  for (const obligations of [both, [...both].reverse()]) {
    expect(deliveredTable(customers, obligations, key, 1).obligations.get('email')).toEqual({
      type: 'tokenise',
    });
  }
});

test('of two lengths on one column the shorter holds, and every other obligation beats both', () => {
  const lengths = [
    { type: 'truncate', fields: ['email'], to: 9 },
    { type: 'truncate', fields: ['email'], to: 2 },
  ];
  const of = (obligations: readonly DemandedObligation[]) =>
    deliveredTable(customers, obligations, key, 1).obligations.get('email');
  expect(of(lengths)).toEqual({ type: 'truncate', to: 2 });
  expect(of([...lengths].reverse())).toEqual({ type: 'truncate', to: 2 });
  expect(of([{ type: 'mask', fields: ['email'] }, ...lengths])).toEqual({ type: 'mask' });
});
