import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultRules, profiles } from '../check-rules.ts';
import { breachesBetween, described } from './changelog-builder.ts';
import { diffSchemas } from './diff-schemas.ts';

const scalar = fc.oneof(
  fc.record(
    { type: fc.constantFrom('string', 'integer', 'number', 'boolean'), description: fc.constant('Said.') },
    { requiredKeys: ['type'] },
  ),
  fc.record(
    {
      type: fc.constant('integer'),
      minimum: fc.integer({ min: 0, max: 3 }),
      maximum: fc.integer({ min: 4, max: 6 }),
    },
    { requiredKeys: ['type'] },
  ),
  fc.record({ enum: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }) }),
  fc.constant(true),
);
const leaf = fc.oneof(scalar, fc.constant({ $ref: '#/$defs/Part' }));
const names = fc.constantFrom('a', 'b', 'c');

function object(properties: fc.Arbitrary<unknown>): fc.Arbitrary<object> {
  return fc.record(
    {
      type: fc.constant('object'),
      properties: fc.dictionary(names, properties, { noNullPrototype: true }),
      required: fc.uniqueArray(names),
      additionalProperties: fc.oneof(fc.boolean(), leaf),
    },
    { requiredKeys: ['type', 'properties'] },
  );
}

const schema = object(
  fc.oneof(
    leaf,
    object(leaf),
    fc.record({ type: fc.constant('array'), items: leaf }),
    fc.record({ oneOf: fc.array(leaf, { minLength: 1, maxLength: 3 }) }),
  ),
).chain((root) => object(scalar).map((part) => ({ ...root, $defs: { Part: part } })));

test.each(profiles)(
  'under %s no breach is lost between random schemas, and each comes of a change, but for those that reach a definition by a branch',
  (profile) => {
    fc.assert(
      fc.property(schema, schema, (before, after) => {
        const [old, now] = [described('JSON', before), described('JSON', after)];
        const breaches = breachesBetween(old.schema, now.schema, defaultRules(profile));
        const changes = diffSchemas(old, now, breaches);
        const told = new Set(
          changes.flatMap((change) => change.breaches.map(({ kind, path }) => `${kind} ${path}`)),
        );
        for (const { kind, path } of [...breaches.BACKWARD, ...breaches.FORWARD]) {
          expect(told).toContain(`${kind} ${path}`);
        }
        const alone = changes.filter(({ kind }) => kind === 'BREACH');
        const isFarAway = JSON.stringify(before.$defs) !== JSON.stringify(after.$defs);
        expect(alone.length === 0 || isFarAway).toBe(true);
      }),
      { numRuns: 200 },
    );
  },
);
