import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { canonicalForm } from './canonical-form.ts';
import { canRead, findAvroIncompatibilities } from './find-incompatibilities.ts';
import { parseAvro } from './parse-avro.ts';

/** The profile that promises to judge as Java does. */
const rules = { profile: 'confluent' } as const;

const folder = fileURLToPath(
  new URL('../../../../../../shared/vectors/registry/apache-avro/', import.meta.url),
);

describe.skipIf(isAbsent('schema-compatibility.json'))('the compatibility cases of the Avro project', () => {
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
});

describe.skipIf(isAbsent('parsing-canonical-form.json'))('the canonical forms of the Avro project', () => {
  const shape = z.array(z.object({ input: z.string(), canonical: z.string() }));
  const cases = shape.parse(readVectors('parsing-canonical-form.json'));

  test('are all there', () => expect(cases).toHaveLength(34));

  test.each(cases.map((each, index) => [index, each] as const))('%i', (_index, { input, canonical }) => {
    expect(canonicalForm(parseAvro(input), 'parsing')).toBe(canonical);
  });
});

function isAbsent(file: string): boolean {
  if (existsSync(folder + file)) return false;
  process.stderr.write(`skipped: ../shared/vectors/registry/apache-avro/${file} is absent\n`);
  return true;
}

function readVectors(file: string): unknown {
  return existsSync(folder + file) ? JSON.parse(readFileSync(folder + file, 'utf8')) : [];
}
