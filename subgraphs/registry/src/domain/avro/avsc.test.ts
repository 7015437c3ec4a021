import avsc from 'avsc';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { avroFingerprint } from './avro-fingerprint.ts';
import { canonicalForm } from './canonical-form.ts';
import { canRead } from './find-incompatibilities.ts';
import { parseAvro } from './parse-avro.ts';

/** Random schemas without logical types and aliases, which avsc treats in its own way. */
const { type: anyType } = fc.letrec<{ type: unknown }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom<unknown>('null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'),
    tie('type').map((items) => ({ type: 'array', items })),
    tie('type').map((values) => ({ type: 'map', values })),
    fc.uniqueArray(fc.constantFrom('null', 'int', 'long', 'float', 'string'), { minLength: 1, maxLength: 4 }),
  ),
}));
const anyRecord = fc
  .uniqueArray(fc.record({ name: fc.constantFrom('a', 'b', 'c'), type: anyType }).map(withDefault), {
    selector: (field) => field.name,
    maxLength: 3,
  })
  .map((fields) => ({ type: 'record' as const, name: 'R', fields }));

test('property: another Avro implementation agrees on who reads whom', () => {
  let readable = 0;
  fc.assert(
    fc.property(anyRecord, anyRecord, (reader, writer) => {
      const ours = canRead(parseAvro(JSON.stringify(reader)), parseAvro(JSON.stringify(writer)));
      readable += ours ? 1 : 0;
      expect(ours).toBe(resolves(reader, writer));
    }),
    { numRuns: 1_000 },
  );
  expect(readable).toBeGreaterThan(20);
});

test('property: another Avro implementation writes the same canonical form', () => {
  fc.assert(
    fc.property(anyRecord, (schema) => {
      const theirs = JSON.stringify(
        avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: true }).schema(),
      );
      expect(canonicalForm(parseAvro(JSON.stringify(schema)), 'parsing')).toBe(theirs);
    }),
  );
});

function withDefault(field: { name: string; type: unknown }): {
  name: string;
  type: unknown;
  default?: unknown;
} {
  return Array.isArray(field.type) && field.type[0] === 'null' ? { ...field, default: null } : field;
}

function resolves(reader: unknown, writer: unknown): boolean {
  const to = avsc.Type.forSchema(reader as avsc.Schema, { wrapUnions: true });
  try {
    to.createResolver(avsc.Type.forSchema(writer as avsc.Schema, { wrapUnions: true }));
    return true;
  } catch {
    return false;
  }
}

test('property: another Avro implementation has the same fingerprints', () => {
  fc.assert(
    fc.property(anyRecord, (schema) => {
      const theirs = avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: true });
      const ours = parseAvro(JSON.stringify(schema));
      expect(avroFingerprint(ours, 'MD5')).toBe(theirs.fingerprint('md5').toString('hex'));
      expect(avroFingerprint(ours, 'SHA-256')).toBe(theirs.fingerprint('sha256').toString('hex'));
    }),
  );
});
