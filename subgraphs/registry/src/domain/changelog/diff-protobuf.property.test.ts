import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { defaultRules, type Profile, profiles } from '../check-rules.ts';
import { breachesBetween, described } from './changelog-builder.ts';
import { diffSchemas } from './diff-schemas.ts';
import type { SchemaChange } from './schema-change.ts';

/** The changes between two files, after it was made sure that no breach of a check was lost. */
function changesBetween(before: string, after: string, profile: Profile): readonly SchemaChange[] {
  const [old, now] = [described('PROTOBUF', before), described('PROTOBUF', after)];
  const breaches = breachesBetween(old.schema, now.schema, defaultRules(profile));
  const changes = diffSchemas(old, now, breaches);
  const told = new Set(
    changes.flatMap((change) => change.breaches.map(({ kind, path }) => `${kind} ${path}`)),
  );
  for (const { kind, path } of [...breaches.BACKWARD, ...breaches.FORWARD]) {
    expect(told).toContain(`${kind} ${path}`);
  }
  return changes;
}

const field = fc.record({
  number: fc.integer({ min: 1, max: 4 }),
  name: fc.constantFrom('a', 'b', 'c', 'd'),
  type: fc.constantFrom('int32', 'sint32', 'string', 'bytes', 'State', 'Part', 'map<string, Part>'),
  label: fc.constantFrom('', 'optional ', 'repeated '),
});
const file = fc
  .record({
    package: fc.constantFrom('shop', 'store'),
    fields: fc.uniqueArray(field, {
      comparator: (a, b) => a.number === b.number || a.name === b.name,
      maxLength: 4,
    }),
    inOneof: fc.boolean(),
    state: fc.constantFrom('State { S_ZERO = 0; }', 'State { S_ZERO = 0; S_ONE = 1; }'),
    extra: fc.constantFrom('', 'message Extra {}', 'message Other { message Extra {} }'),
  })
  .map(({ package: name, fields, inOneof, state, extra }) => {
    const lines = fields.map(({ number, name: word, type, label }) => {
      return `${type.startsWith('map') ? '' : label}${type} ${word} = ${number};`;
    });
    const oneof = inOneof ? 'oneof choice { string x = 8; int32 y = 9; }' : 'string x = 8;';
    return `syntax = "proto3"; package ${name}; message Order { ${lines.join(' ')} ${oneof} }
      message Part { string p = 1; } enum ${state} ${extra}`;
  });

test.each(profiles)('%s: no breach is lost between random files, and each comes of a change', (profile) => {
  fc.assert(
    fc.property(file, file, (before, after) => {
      const changes = changesBetween(before, after, profile);
      expect(changes.filter(({ kind }) => kind === 'BREACH')).toEqual([]);
      expect(before === after || changes.length > 0).toBe(true);
    }),
  );
});

const vectors = fileURLToPath(
  new URL('../../../../../../shared/vectors/registry/karapace/protobuf-compat.json', import.meta.url),
);

test.skipIf(!existsSync(vectors))('no breach of Karapace’s cases is lost', () => {
  const cases = z
    .array(z.object({ previous: z.string(), updated: z.string() }))
    .parse(JSON.parse(readFileSync(vectors, 'utf8')));
  expect(cases.length).toBeGreaterThan(5);
  for (const { previous, updated } of cases) {
    for (const profile of profiles) {
      const changes = changesBetween(previous, updated, profile);
      expect(changes.filter(({ kind }) => kind === 'BREACH')).toEqual([]);
    }
  }
});
