import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSchema } from '../formats/parse-schema.ts';
import { checkCandidate, shapeBump } from './check-candidate.ts';
import { type CompatibilityLevel, compatibilityLevels } from './compatibility-level.ts';
import type { ParsedSchema } from './parsed-schema.ts';

const schemaOf = (fields: readonly object[], more: object = {}): ParsedSchema =>
  parseSchema({ type: 'AVRO', text: JSON.stringify({ type: 'record', name: 'R', fields, ...more }) });
const untagged = { governance: { tags: {} } };
const line = (...schemas: readonly ParsedSchema[]) =>
  schemas.map((schema, index) => ({ schema, version: index + 1, ...untagged }));
const check = (level: CompatibilityLevel, versions: readonly ParsedSchema[], schema: ParsedSchema) =>
  checkCandidate(level, line(...versions), { schema, ...untagged });

const id = { name: 'id', type: 'long' };
const base = schemaOf([id]);
const withOptional = schemaOf([id, { name: 'note', type: ['null', 'string'], default: null }]);
const withRequired = schemaOf([id, { name: 'note', type: 'string' }]);

/** Section by section, the table of bumps: B and F by what the level demands. */
test.each([
  ['BACKWARD', true, true, 'MINOR'],
  ['BACKWARD', true, false, 'MINOR'],
  ['BACKWARD', false, true, 'MAJOR'],
  ['BACKWARD_TRANSITIVE', true, false, 'MINOR'],
  ['FORWARD', true, false, 'MAJOR'],
  ['FORWARD', false, true, 'MINOR'],
  ['FORWARD_TRANSITIVE', false, true, 'MINOR'],
  ['FULL', true, false, 'MAJOR'],
  ['FULL', false, true, 'MAJOR'],
  ['FULL', true, true, 'MINOR'],
  ['FULL_TRANSITIVE', false, true, 'MAJOR'],
  ['NONE', true, false, 'MAJOR'],
  ['NONE', true, true, 'MINOR'],
  ['BACKWARD', false, false, 'MAJOR'],
  ['FORWARD', false, false, 'MAJOR'],
] as const)('%s with backward %s and forward %s demands %s', (level, backward, forward, bump) => {
  expect(shapeBump({ level, backward, forward, sameMeaning: false, sameContent: false })).toBe(bump);
});

test('what only documentation tells apart is a PATCH, at every level', () => {
  const documented = schemaOf([{ ...id, doc: 'the order' }], { doc: 'Orders' });
  for (const level of compatibilityLevels) expect(check(level, [base], documented).bump).toBe('PATCH');
});

test('a default that goes is not a PATCH, though the parsing form is the same', () => {
  const without = schemaOf([id, { name: 'note', type: ['null', 'string'] }]);
  expect(check('FULL', [withOptional], without)).toMatchObject({ bump: 'MINOR', compatible: true });
  expect(check('FULL', [base, withOptional], without)).toMatchObject({ bump: 'MAJOR', backward: false });
});

test('an optional field is a MINOR; a required one is a breach of FULL with its place and version', () => {
  expect(check('FULL', [base], withOptional)).toMatchObject({
    compatible: true,
    bump: 'MINOR',
    incompatibilities: [],
  });
  const [found] = check('FULL', [base], withRequired).incompatibilities;
  expect(check('FULL', [base], withRequired)).toEqual({
    level: 'FULL',
    profile: 'strict',
    axes: ['WIRE', 'JSON'],
    policy: 'STRICT',
    affected: [],
    compatible: false,
    backward: false,
    forward: true,
    bump: 'MAJOR',
    incompatibilities: [
      {
        direction: 'BACKWARD',
        kind: 'READER_FIELD_MISSING_DEFAULT_VALUE',
        path: '/fields/1',
        message: 'the writer has no field note, and the reader no default for it',
        versions: [1],
        ...(found?.witness !== undefined && { witness: found.witness }),
      },
    ],
  });
});

test('FORWARD lets a required field in', () => {
  expect(check('FORWARD', [base], withRequired)).toMatchObject({
    compatible: true,
    bump: 'MINOR',
    backward: false,
  });
});

test('a plain level looks at the last version, a transitive one at all, the bump always at all', () => {
  const versions = [base, withOptional];
  const candidate = schemaOf([id, { name: 'note', type: ['null', 'string'] }]);
  expect(check('BACKWARD', versions, candidate)).toMatchObject({ compatible: true, bump: 'MAJOR' });
  expect(check('BACKWARD_TRANSITIVE', versions, candidate)).toMatchObject({ compatible: false });
});

test('NONE never objects and still advises', () => {
  expect(check('NONE', [base], withRequired)).toMatchObject({
    compatible: true,
    bump: 'MAJOR',
    backward: false,
  });
});

test('a breach that several versions share is listed once', () => {
  const other = schemaOf([id, { name: 'n', type: 'int', default: 0 }]);
  const report = check('FULL', [base, other, base], withRequired);
  expect(report.incompatibilities).toEqual([expect.objectContaining({ versions: [1, 3, 2] })]);
});

test('a line that takes too long to compare with is refused, whatever each comparison takes', () => {
  let left = 2;
  const isSpent = (): boolean => left-- <= 0;
  const versions = line(base, withOptional, withRequired);
  const candidate = { schema: withOptional, ...untagged };
  expect(() => checkCandidate('FULL', versions, candidate, undefined, isSpent)).toThrow(
    expect.objectContaining({ code: 'SCHEMA_TOO_COMPLEX' }),
  );
});

test('labels alone can demand a bump', () => {
  const version = { schema: base, version: 1, governance: { tags: { id: ['pii'] } } };
  const candidate = { schema: base, governance: { tags: {} } };
  expect(checkCandidate('FULL', [version], candidate)).toMatchObject({ compatible: true, bump: 'MAJOR' });
});

const anyFields = fc.uniqueArray(
  fc.record(
    {
      name: fc.constantFrom('a', 'b', 'c'),
      type: fc.constantFrom<unknown>('int', 'long', 'string', ['null', 'int'], ['null', 'string']),
    },
    { requiredKeys: ['name', 'type'] },
  ),
  { selector: (field) => field.name, maxLength: 3 },
);
const anySchema = fc
  .tuple(anyFields, fc.boolean())
  .map(([fields, optional]) =>
    schemaOf(fields.map((f) => (Array.isArray(f.type) && optional ? { ...f, default: null } : f))),
  );
const anyLine = fc.array(anySchema, { minLength: 1, maxLength: 4 });

test('property: FULL is kept exactly where BACKWARD and FORWARD both are', () => {
  const pairs = [
    ['FULL', 'BACKWARD', 'FORWARD'],
    ['FULL_TRANSITIVE', 'BACKWARD_TRANSITIVE', 'FORWARD_TRANSITIVE'],
  ] as const;
  fc.assert(
    fc.property(
      anyLine,
      anySchema,
      fc.constantFrom(...pairs),
      (versions, candidate, [full, backward, forward]) => {
        const keeps = (level: CompatibilityLevel): boolean => check(level, versions, candidate).compatible;
        return keeps(full) === (keeps(backward) && keeps(forward));
      },
    ),
  );
});

test('property: a transitive level implies the plain one', () => {
  fc.assert(
    fc.property(anyLine, anySchema, (versions, candidate) =>
      (['BACKWARD', 'FORWARD', 'FULL'] as const).every(
        (level) =>
          !check(`${level}_TRANSITIVE`, versions, candidate).compatible ||
          check(level, versions, candidate).compatible,
      ),
    ),
  );
});

test('property: old and new swapped swaps backward and forward', () => {
  fc.assert(
    fc.property(anySchema, anySchema, (one, other) => {
      const there = check('FULL', [one], other);
      const back = check('FULL', [other], one);
      return (
        there.backward === back.forward &&
        there.forward === back.backward &&
        there.compatible === back.compatible
      );
    }),
  );
});

test('property: a schema follows itself at every level', () => {
  fc.assert(
    fc.property(anySchema, fc.constantFrom(...compatibilityLevels), (schema, level) => {
      const report = check(level, [schema], schema);
      return report.compatible && report.backward && report.forward;
    }),
  );
});
