import fc from 'fast-check';
import { expect, test } from 'vitest';
import { profiles } from '../check-rules.ts';
import type { AvroSchema } from './avro-schema.ts';
import { createComparison } from './comparison.ts';
import { canRead, findAvroIncompatibilities } from './find-incompatibilities.ts';
import { createMinimalDatum } from './minimal-datum.ts';
import { resolveType, simpleName } from './named-type.ts';
import { parseAvro } from './parse-avro.ts';
import { type Readout, readDatum } from './read-datum.ts';
import { checkWithAvsc, decodeWithAvsc, encodeWithAvsc } from './testing/avsc-model.ts';
import { evolveShape } from './testing/evolve-shape.ts';
import { createGenes } from './testing/genes.ts';
import { makeDatum } from './testing/make-datum.ts';
import { growShape, writeShape } from './testing/schema-shape.ts';

const runs = 400;
const genes = fc.array(fc.nat(9_999), { minLength: 30, maxLength: 60 }).map(createGenes);

/** A writer's schema and what became of it. */
const anyPair = genes.map((choices) => {
  const shape = growShape(choices);
  const [writerJson, readerJson] = [writeShape(shape), writeShape(evolveShape(choices, shape))];
  return { choices, writerJson, readerJson, writer: parse(writerJson), reader: parse(readerJson) };
});

test.each(profiles)('R5, property: under %s, all that a compatible writer writes is read', (profile) => {
  const count = { compatible: 0, data: 0, byAvsc: 0 };
  fc.assert(
    fc.property(anyPair, ({ choices, writerJson, readerJson, writer, reader }) => {
      if (!canRead(reader, writer, { profile })) return;
      count.compatible += 1;
      for (let i = 0; i < 3; i += 1) {
        const datum = makeDatum(choices, writer);
        if (datum === undefined) return;
        const bytes = encodeWithAvsc(writerJson, datum.value);
        const ours = read(profile, reader, writer, datum.value);
        expect(ours).toHaveProperty('value');
        if ('value' in ours) checkWithAvsc(readerJson, ours.value);
        count.data += 1;
        const theirs = decodeWithAvsc(readerJson, writerJson, bytes);
        if ('fault' in theirs) continue;
        // Of several branches avsc takes the first that reads all of the type, by its full name; we the first that
        // reads this datum. Where there is no such choice, both must have read the same.
        const isStrict = canRead(reader, writer, { profile: 'strict' });
        if (profile === 'confluent' && isStrict && hasUniqueNames(reader)) {
          expect(ours).toEqual(theirs);
        }
        count.byAvsc += 1;
      }
    }),
    { numRuns: runs },
  );
  // A generator that makes no such pairs proves nothing.
  expect(count.compatible).toBeGreaterThan(runs / 5);
  expect(count.byAvsc).toBeGreaterThan(count.data / 2);
});

test.each(profiles)(
  'R5, property: under %s, every witness is written by the writer and fails at the reader',
  (profile) => {
    const count = { writable: 0, shown: 0 };
    const kinds = new Set<string>();
    fc.assert(
      fc.property(anyPair, ({ writerJson, readerJson, writer, reader }) => {
        const found = findAvroIncompatibilities(reader, writer, { profile });
        expect(found.length === 0).toBe(canRead(reader, writer, { profile }));
        const minimalOf = createMinimalDatum(writer);
        const isWritable = [...writer.named.values()].every((type) => minimalOf(type) !== undefined);
        for (const { kind, witness } of found) {
          if (isWritable) count.writable += 1;
          if (witness === undefined) continue;
          if (isWritable) count.shown += 1;
          kinds.add(kind);
          const bytes = encodeWithAvsc(writerJson, witness.datum);
          expect(read(profile, reader, writer, witness.datum)).toHaveProperty('fault');
          // avsc knows nothing of logical types: to it, the bytes of a moved decimal point are as good as any.
          if (profile === 'confluent') {
            expect(decodeWithAvsc(readerJson, writerJson, bytes)).toHaveProperty('fault');
          }
        }
      }),
      { numRuns: runs },
    );
    expect(count.writable).toBeGreaterThan(runs / 5);
    // A few have none: where each branch of a union fails for a reason of its own, no one datum shows both.
    expect(count.shown).toBeGreaterThanOrEqual(count.writable * 0.98);
    expect(kinds.size).toBeGreaterThanOrEqual(profile === 'strict' ? 5 : 4);
  },
);

function hasUniqueNames({ named }: AvroSchema): boolean {
  const names = [...named.values()].flatMap(({ name, aliases }) => [name, ...aliases].map(simpleName));
  return new Set(names).size === names.length;
}

function parse(json: unknown): AvroSchema {
  return parseAvro(JSON.stringify(json));
}

function read(
  profile: (typeof profiles)[number],
  reader: AvroSchema,
  writer: AvroSchema,
  datum: unknown,
): Readout {
  const roots = [resolveType(reader, reader.root), resolveType(writer, writer.root)] as const;
  return readDatum(createComparison(reader, writer, profile), ...roots, datum);
}
