import { expect, test } from 'vitest';
import { createInventory } from './inventory.ts';
import { namesPersonalData } from './personal-name.ts';

test('the most specific entry wins for the class, and for each field by itself', () => {
  const inventory = createInventory([
    { dataset: '*.*.*', class: 'public', fields: { email: ['pii'], notes: ['free-text'] } },
    { dataset: 'shop.public.customers', class: 'confidential', fields: { email: ['pii', 'contact'] } },
    { dataset: 'shop.public.*', class: 'internal', fields: { notes: [] } },
  ]);
  expect(inventory.classify('shop.public.customers')).toEqual({
    dataClass: 'confidential',
    fields: { email: ['pii', 'contact'], notes: [] },
  });
  expect(inventory.classify('crm.a.b')).toEqual({
    dataClass: 'public',
    fields: { email: ['pii'], notes: ['free-text'] },
  });
});

test('the most specific entry that says it wins for the retention', () => {
  const inventory = createInventory([
    { dataset: 'shop.*.*', class: 'public', retention: 'P7Y' },
    { dataset: 'shop.public.*', class: 'public', retention: 'P1Y' },
    { dataset: 'shop.public.orders', class: 'internal' },
  ]);
  expect(inventory.classify('shop.public.orders').retention).toBe('P1Y');
  expect(inventory.classify('crm.a.b').retention).toBeUndefined();
});

test('among equally specific entries the stricter class wins', () => {
  const entries = [
    { dataset: 'shop.*.ab*', class: 'public' },
    { dataset: 'shop.*.*bc', class: 'restricted' },
  ] as const;
  expect(createInventory(entries).classify('shop.x.abc').dataClass).toBe('restricted');
  expect(createInventory(entries.toReversed()).classify('shop.x.abc').dataClass).toBe('restricted');
});

test('what no entry matches has no class', () => {
  expect(createInventory([]).classify('shop.public.orders')).toEqual({ dataClass: null, fields: {} });
});

test.each(['email', 'customer_email', 'homePhone', 'FIRST_NAME', 'dob', 'billing_street_address'])(
  '%s says personal data',
  (name) => {
    expect(namesPersonalData(name)).toBe(true);
  },
);

test.each(['id', 'email_verified', 'phone_count', 'country', 'name', 'filename', 'abalance', 'filler'])(
  '%s does not',
  (name) => {
    expect(namesPersonalData(name)).toBe(false);
  },
);
