import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { obligationTransform } from './obligation-transform.ts';
import { aColumn } from './relation-builder.ts';

const key = Buffer.from('a key of the obligations');
const email = aColumn({ name: 'email', typeOid: 25, typeText: 'text', typeCategory: 'S' });
const value = Buffer.from('ada@example.org');

test('drop leaves nothing', () => {
  expect(obligationTransform(email, { type: 'drop' }, null)(value, 'b')).toBeNull();
});

test('mask leaves that there is a value, not its length', () => {
  const mask = obligationTransform(email, { type: 'mask' }, null);
  expect(mask(value, 'b')?.toString()).toBe('***');
  expect(mask(Buffer.alloc(0), 'b')?.toString()).toBe('***');
});

test('hash is the HMAC-SHA-256 of the text, in hex', () => {
  const hash = obligationTransform(email, { type: 'hash' }, key);
  const expected = createHmac('sha256', key).update('ada@example.org').digest('hex');
  expect(hash(value, 'b')?.toString()).toBe(expected);
  expect(hash(value, 't')?.toString()).toBe(expected);
});

test('a number hashes as its text, so that columns of different width can be joined', () => {
  const small = obligationTransform(aColumn({ typeOid: 23 }), { type: 'hash' }, key);
  const big = obligationTransform(aColumn({ typeOid: 20 }), { type: 'hash' }, key);
  expect(small(Buffer.from([0, 0, 0, 42]), 'b')).toEqual(big(Buffer.from([0, 0, 0, 0, 0, 0, 0, 42]), 'b'));
});

test('another key gives another hash', () => {
  const other = obligationTransform(email, { type: 'hash' }, Buffer.from('another key'));
  expect(other(value, 'b')).not.toEqual(obligationTransform(email, { type: 'hash' }, key)(value, 'b'));
});
