import { expect, test } from 'vitest';
import { deliveredTable } from '../delivered-table.ts';
import { aColumn, aRelation } from '../relation-builder.ts';
import { aTuple, int8 } from '../tuple-builder.ts';
import { avroRowEncoder } from './encode-row.ts';

const customers = aRelation({
  table: 'customers',
  columns: [
    aColumn({ nullable: false }),
    aColumn({ name: 'email', typeOid: 25, typeText: 'text', typeCategory: 'S', nullable: false }),
    aColumn({ name: 'age' }),
  ],
});
const plain = avroRowEncoder(deliveredTable(customers, [], null, 1), 'shop');

test('a record is its fields in order, each null or not by its branch', () => {
  expect(plain.encodeRow(aTuple(int8(1), Buffer.from('a@b'), int8(-1)))).toEqual(
    Buffer.from([0x02, 0x06, 0x61, 0x40, 0x62, 0x02, 0x01]),
  );
  expect(plain.encodeRow(aTuple(int8(1), Buffer.from('a@b'), null))).toEqual(
    Buffer.from([0x02, 0x06, 0x61, 0x40, 0x62, 0x00]),
  );
});

test('a key is the same bytes whatever else was sent of its row', () => {
  expect(plain.encodeKey(aTuple(int8(300), null, 'unchanged'))).toEqual(Buffer.from([0xd8, 0x04]));
});

test('the schemas of a table and of its key have names of their own', () => {
  expect(JSON.parse(plain.valueSchema)).toMatchObject({ name: 'customers', namespace: 'shop.public' });
  expect(JSON.parse(plain.keySchema ?? '')).toMatchObject({
    name: 'key',
    namespace: 'shop.public.customers',
    fields: [{ name: 'id', type: 'long' }],
  });
  expect(avroRowEncoder(deliveredTable({ ...customers, key: [] }, [], null, 1), 'shop').keySchema).toBeNull();
});

test('a value that was not sent stops the row in a way of its own, and the next row is not harmed', () => {
  expect(() => plain.encodeRow(aTuple(int8(1), 'unchanged', null))).toThrow(
    expect.objectContaining({
      name: 'UnsentValue',
      code: '42000',
      message: expect.stringContaining('public.customers.email'),
    }),
  );
  expect(plain.encodeRow(aTuple(int8(1), Buffer.from(''), null))).toEqual(Buffer.from([0x02, 0x00, 0x00]));
});

test('what an obligation leaves is text that may be null, and text in a key never is', () => {
  const key = Buffer.from('key');
  const governed = avroRowEncoder(
    deliveredTable(
      customers,
      [
        { type: 'hash', fields: ['id'] },
        { type: 'drop', fields: ['email'] },
        { type: 'mask', fields: ['age'] },
      ],
      key,
      1,
    ),
    'shop',
  );
  const nullable = { type: ['null', 'string'] };
  expect(JSON.parse(governed.valueSchema).fields).toMatchObject([nullable, nullable, nullable]);
  expect(JSON.parse(governed.keySchema ?? '').fields).toMatchObject([{ name: 'id', type: 'string' }]);
  const row = governed.encodeRow(aTuple(int8(1), Buffer.from('ada@example.org'), int8(36)));
  expect(row.includes('ada')).toBe(false);
  expect(row.subarray(-6)).toEqual(Buffer.from('\0\x02\x06***'));
});

test('a null where the contract has none is refused', () => {
  expect(() => plain.encodeRow(aTuple(int8(1), null, null))).toThrow('public.customers.email');
});
