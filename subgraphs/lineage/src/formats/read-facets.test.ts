import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRegion, readSchemaFields, readTags } from './read-facets.ts';

test('nested columns have dotted paths, parents first', () => {
  const fields = [
    { name: 'id', type: 'bigint' },
    { name: 'address', type: 'struct', description: 'where', fields: [{ name: 'city' }] },
  ];
  expect(readSchemaFields({ schema: { fields } })).toEqual([
    { path: 'id', type: 'bigint', description: null },
    { path: 'address', type: 'struct', description: 'where' },
    { path: 'address.city', type: null, description: null },
  ]);
});

test('a tag that both facets name is one tag', () => {
  const facets = {
    spine_policyTags: { tags: [{ tag: 'pii', field: 'email', source: 'inventory', confidence: 1 }] },
    tags: {
      tags: [
        { key: 'pii', value: 'true', field: 'email', source: 'SPINE' },
        { key: 'tier', value: 'gold' },
      ],
    },
  };
  expect(readTags(facets)).toEqual([
    { key: 'pii', value: 'true', field: 'email', source: 'inventory' },
    { key: 'tier', value: 'gold', field: null, source: null },
  ]);
});

test('the region is the residency facet’s', () => {
  expect(readRegion({ spine_residency: { region: 'eu-central-1' } })).toBe('eu-central-1');
  expect(readRegion({})).toBeNull();
});

test('whatever a facet holds, reading it does not fail', () => {
  const facet = fc.jsonValue({ maxDepth: 4 });
  fc.assert(
    fc.property(
      fc.record({
        schema: fc.oneof(facet, fc.record({ fields: facet })),
        tags: facet,
        spine_policyTags: fc.record({ tags: facet }),
        spine_residency: facet,
      }),
      (facets) => {
        readSchemaFields(facets);
        readTags(facets);
        readRegion(facets);
      },
    ),
  );
});
