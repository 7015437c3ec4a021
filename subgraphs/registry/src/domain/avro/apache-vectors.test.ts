import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { avroFingerprint } from './avro-fingerprint.ts';
import type { AvroSchema } from './avro-schema.ts';
import { canonicalForm } from './canonical-form.ts';
import { createComparison } from './comparison.ts';
import { canRead, findAvroIncompatibilities } from './find-incompatibilities.ts';
import { resolveType } from './named-type.ts';
import { parseAvro } from './parse-avro.ts';
import { readDatum } from './read-datum.ts';
import { type Decoded, decodeWithAvsc, encodeWithAvsc } from './testing/avsc-model.ts';

/** The profile that promises to judge as Java does. */
const rules = { profile: 'confluent' } as const;

const folder = fileURLToPath(
  new URL('../../../../../../shared/vectors/registry/apache-avro/', import.meta.url),
);

describe.skipIf(isAbsent('schema-compatibility.json'))(
  'R5: the compatibility cases of the Avro project',
  () => {
    const shape = z.array(
      z.object({
        id: z.string(),
        reader: z.unknown(),
        writer: z.unknown(),
        incompatibilities: z.array(z.object({ type: z.string(), location: z.string() })),
      }),
    );
    const cases = shape.parse(readVectors('schema-compatibility.json'));

    test('are all there', () => expect(cases).toHaveLength(144));

    test.each(cases.map((each, index) => [index, each.id, each] as const))('%i %s', (_index, _id, each) => {
      const reader = parseAvro(JSON.stringify(each.reader));
      const writer = parseAvro(JSON.stringify(each.writer));
      const found = findAvroIncompatibilities(reader, writer, rules).map(({ kind, path }) => ({
        type: kind,
        location: path === '' ? '/' : path,
      }));
      expect(found).toEqual(each.incompatibilities);
      expect(canRead(reader, writer, rules)).toBe(each.incompatibilities.length === 0);
    });

    test('come with a datum for every breach, except where the writer can write nothing', () => {
      const breaches = cases.flatMap(({ reader, writer }) =>
        findAvroIncompatibilities(parse(reader), parse(writer), rules).map((breach) => ({
          ...breach,
          writer,
        })),
      );
      // A list that always has a rest has no end.
      const shown = breaches.filter(({ writer }) => !isDeepStrictEqual(writer, endlessList));
      expect(shown.length).toBeGreaterThan(65);
      for (const { writer, witness } of shown) encodeWithAvsc(writer, witness?.datum);
    });
  },
);

describe.skipIf(isAbsent('schema-resolution-decode.json'))('the decoding cases of the Avro project', () => {
  const shape = z.array(
    z.object({
      reader: z.unknown(),
      writer: z.unknown(),
      datum: z.unknown(),
      decoded: z.unknown().optional(),
      error: z.string().optional(),
    }),
  );
  const cases = shape.parse(readVectors('schema-resolution-decode.json'));

  test('are all there', () => expect(cases).toHaveLength(16));

  test.each(cases.map((each, index) => [index, each] as const))('%i, as we read data', (_index, each) => {
    const [reader, writer] = [parse(each.reader), parse(each.writer)];
    const readout = readDatum(
      createComparison(reader, writer, 'confluent'),
      resolveType(reader, reader.root),
      resolveType(writer, writer.root),
      each.datum,
    );
    if (each.error === undefined) expect(readout).toEqual({ value: each.decoded });
    else expect(readout).toHaveProperty('fault');
  });

  test.each(cases.map((each, index) => [index, each] as const))('%i, as avsc does', (_index, each) => {
    const bytes = encodeWithAvsc(each.writer, each.datum);
    const decoded = decodeWithAvsc(each.reader, each.writer, bytes);
    // avsc compares schemas before it reads: it refuses data that would be read, where others would not be.
    const isRefused = each.error !== undefined || !canRead(parse(each.reader), parse(each.writer), rules);
    if (isRefused) expect(decoded).toHaveProperty('fault');
    else expect(asFloat(decoded)).toEqual({ value: each.decoded });
  });
});

describe.skipIf(isAbsent('parsing-canonical-form.json'))('the canonical forms of the Avro project', () => {
  const shape = z.array(
    z.object({ input: z.string(), canonical: z.string(), fingerprint: z.string().optional() }),
  );
  const cases = shape.parse(readVectors('parsing-canonical-form.json'));

  test('are all there', () => expect(cases).toHaveLength(34));

  test.each(cases.map((each, index) => [index, each] as const))('%i', (_index, { input, canonical }) => {
    expect(canonicalForm(parseAvro(input), 'parsing')).toBe(canonical);
  });

  const withFingerprint = cases.filter(({ fingerprint }) => fingerprint !== undefined);

  test('have 26 fingerprints', () => expect(withFingerprint).toHaveLength(26));

  test.each(withFingerprint)('fingerprint $fingerprint', ({ input, fingerprint }) => {
    const ours = BigInt(`0x${avroFingerprint(parseAvro(input), 'CRC-64-AVRO')}`);
    // The vectors have it as Java has it, signed.
    expect(String(BigInt.asIntN(64, ours))).toBe(fingerprint);
  });
});

const endlessList = {
  type: 'record',
  name: 'List',
  fields: [
    { name: 'head', type: 'long' },
    { name: 'tail', type: 'List' },
  ],
};

/** avsc does not round a whole number that it reads as a float. */
function asFloat(decoded: Decoded): Decoded {
  if (!('value' in decoded) || typeof decoded.value !== 'number') return decoded;
  return { value: Math.fround(decoded.value) };
}

function parse(schema: unknown): AvroSchema {
  return parseAvro(JSON.stringify(schema));
}

function isAbsent(file: string): boolean {
  if (existsSync(folder + file)) return false;
  process.stderr.write(`skipped: ../shared/vectors/registry/apache-avro/${file} is absent\n`);
  return true;
}

function readVectors(file: string): unknown {
  return existsSync(folder + file) ? JSON.parse(readFileSync(folder + file, 'utf8')) : [];
}
