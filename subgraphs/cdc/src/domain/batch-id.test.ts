import { parseLsn } from '@spine/kernel/lsn';
import { expect, test } from 'vitest';
import { batchId, snapshotBatchId } from './batch-id.ts';

const batch = {
  route: 'shop-to-warehouse',
  sink: 'warehouse',
  systemId: '7300000000000000001',
  start: parseLsn('0/10'),
  end: parseLsn('0/20'),
};

test('the same run of transactions has the same id', () => {
  expect(batchId({ ...batch })).toBe(batchId(batch));
  expect(batchId(batch)).toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  ['route', { route: 'shop-to-us' }],
  ['sink', { sink: 'us-lake' }],
  ['source system', { systemId: '7300000000000000002' }],
  ['start', { start: parseLsn('0/11') }],
  ['end', { end: parseLsn('0/21') }],
])('another %s makes another id', (_, change) => {
  expect(batchId({ ...batch, ...change })).not.toBe(batchId(batch));
});

test('names cannot be shifted into one another', () => {
  expect(batchId({ ...batch, route: 'a', sink: 'bc' })).not.toBe(
    batchId({ ...batch, route: 'ab', sink: 'c' }),
  );
});

test('the copies of two tables under one snapshot have different ids', () => {
  const copy = { ...batch, table: 'public.orders' };
  expect(snapshotBatchId(copy)).not.toBe(snapshotBatchId({ ...copy, table: 'public.customers' }));
});
