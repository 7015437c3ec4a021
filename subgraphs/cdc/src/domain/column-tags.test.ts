import { expect, test } from 'vitest';
import { columnTags } from './column-tags.ts';

test('a column carries what the inventory and the registry say of it and of what is inside it', () => {
  const inventory = { email: ['pii'], 'doc.address': ['pii:address'] };
  const registry = { email: ['contact'], 'lines[].sku': ['trade'], docs: ['other'] };
  expect(columnTags('email', inventory, registry)).toEqual(['contact', 'pii']);
  expect(columnTags('doc', inventory, registry)).toEqual(['pii:address']);
  expect(columnTags('lines', inventory, registry)).toEqual(['trade']);
  expect(columnTags('id', inventory, registry)).toEqual([]);
});
