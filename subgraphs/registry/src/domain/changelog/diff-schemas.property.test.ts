import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { SchemaType } from '../schema-type.ts';
import { breachesBetween, described, harmless } from './changelog-builder.ts';
import { diffSchemas } from './diff-schemas.ts';

interface FieldModel {
  readonly name: string;
  readonly number: number;
  readonly type: string;
  readonly doc: string;
}

const jsonTypes: Readonly<Record<string, string>> = {
  string: 'string',
  bytes: 'integer',
  float: 'number',
  double: 'boolean',
};
const words = ['id', 'email', 'total', 'state', 'lines'];
const fields = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom(...words),
    number: fc.integer({ min: 1, max: 40 }),
    type: fc.constantFrom('string', 'bytes', 'float', 'double'),
    doc: fc.constantFrom('', 'Said of it.'),
  }),
  { selector: (field) => field.name, maxLength: 5 },
);

const writers: readonly (readonly [SchemaType, (fields: readonly FieldModel[]) => string])[] = [
  [
    'AVRO',
    (list) =>
      JSON.stringify({
        type: 'record',
        name: 'Order',
        fields: list.map(({ name, type, doc }) => ({ name, type, ...(doc !== '' && { doc }) })),
      }),
  ],
  [
    'PROTOBUF',
    (list) => {
      const lines = list.map(({ name, type, doc }, index) => {
        return `${doc === '' ? '' : `  // ${doc}\n`}  ${type} ${name} = ${index + 1};`;
      });
      return `syntax = "proto3";\nmessage Order {\n${lines.join('\n')}\n}`;
    },
  ],
  [
    'JSON',
    (list) =>
      JSON.stringify({
        properties: Object.fromEntries(
          list.map(({ name, type, doc }) => [name, { type: jsonTypes[type], description: doc }]),
        ),
      }),
  ],
];

test.each(writers)('%s: a schema differs from itself in nothing', (type, write) => {
  fc.assert(
    fc.property(fields, (list) => {
      const one = described(type, write(list));
      expect(diffSchemas(one, one, harmless)).toEqual([]);
    }),
  );
});

test.each(writers)('%s: two schemas that differ in a field differ in the changelog', (type, write) => {
  fc.assert(
    fc.property(fields, fields, (old, now) => {
      fc.pre(JSON.stringify(old.map(plain)) !== JSON.stringify(now.map(plain)));
      const [before, after] = [described(type, write(old)), described(type, write(now))];
      const isReordered = JSON.stringify(sorted(old)) === JSON.stringify(sorted(now));
      const changes = diffSchemas(before, after, harmless);
      expect(changes.length > 0 || (type === 'JSON' && isReordered)).toBe(true);
      expect(diffSchemas(before, after, harmless)).toEqual(changes);
    }),
  );
});

const vectors = fileURLToPath(
  new URL('../../../../../../shared/vectors/registry/apache-avro/schema-compatibility.json', import.meta.url),
);

test.skipIf(!existsSync(vectors))(
  'no breach of the Avro project’s cases is lost, in either direction',
  () => {
    const cases = z
      .array(z.object({ reader: z.unknown(), writer: z.unknown() }))
      .parse(JSON.parse(readFileSync(vectors, 'utf8')));
    expect(cases.length).toBeGreaterThan(100);
    for (const { reader, writer } of cases) {
      const now = described('AVRO', JSON.stringify(reader));
      const old = described('AVRO', JSON.stringify(writer));
      const breaches = breachesBetween(old.schema, now.schema);
      const changes = diffSchemas(old, now, breaches);
      const told = new Set(changes.flatMap((change) => change.breaches.map(keyOf)));
      const wanted = [
        ...breaches.BACKWARD.map((each) => keyOf({ ...each, direction: 'BACKWARD' })),
        ...breaches.FORWARD.map((each) => keyOf({ ...each, direction: 'FORWARD' })),
      ];
      expect([...told].sort()).toEqual([...new Set(wanted)].sort());
      // All of these come of the two texts, so that no entry need stand for a breach alone.
      expect(changes.filter(({ kind }) => kind === 'BREACH')).toEqual([]);
    }
  },
);

function keyOf(breach: { direction: string; kind: string; path: string; message: string }): string {
  return [breach.direction, breach.kind, breach.path, breach.message].join(' ');
}

function plain({ name, type, doc }: FieldModel): readonly string[] {
  return [name, type, doc];
}

function sorted(list: readonly FieldModel[]): readonly (readonly string[])[] {
  return list.map(plain).sort();
}
