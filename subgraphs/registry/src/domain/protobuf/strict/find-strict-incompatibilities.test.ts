import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseProtobuf } from '../../../formats/protobuf/parse-protobuf.ts';
import { counts, defaultRules } from '../../check-rules.ts';
import { isRecord } from '../../json.ts';
import { findProtobufIncompatibilities } from '../find-incompatibilities.ts';
import { strictProtobufKinds } from '../protobuf-kinds.ts';
import { createProtobufjsModel } from '../protobufjs-model.ts';
import { breaches, order, proto3, service, size } from './breaches-model.ts';

function check(reader: string, writer: string, newer: 'READER' | 'WRITER' = 'READER') {
  return findProtobufIncompatibilities(parseProtobuf(reader), parseProtobuf(writer), {
    ...defaultRules('strict'),
    newer,
  });
}

describe('the strict profile tells', () => {
  test.each(breaches)('%s on the axis %s at %s', (kind, axis, path, reader, writer) => {
    const found = check(reader, writer);
    expect(found).toContainEqual(expect.objectContaining({ kind, axis, path }));
    // A rule that fires beside others must not be the only reason why this test passes.
    expect(check(writer, writer)).toEqual([]);
  });

  test('every breach with an axis, and every kind in one case at least', () => {
    expect(new Set(breaches.map(([kind]) => kind))).toEqual(new Set(strictProtobufKinds));
    for (const [, , , reader, writer] of breaches) {
      for (const { axis } of check(reader, writer)) expect(axis).toBeDefined();
    }
  });

  test('a message that is really read otherwise where it names one', () => {
    let read = 0;
    for (const [kind, , , reader, writer] of breaches) {
      for (const found of check(reader, writer)) {
        // protobufjs knows no files of edition 2023 without its own features, and no wire format of message sets.
        if (found.witness === undefined || !isRecord(found.witness.datum) || reader.startsWith('edition'))
          continue;
        const model = createProtobufjsModel(reader, writer);
        const { written, read: other } =
          found.axis === 'JSON' ? model.overJson(found.witness.datum) : model.overWire(found.witness.datum);
        expect(other, `${kind}: ${found.kind}`).not.toEqual(written);
        read += 1;
      }
    }
    expect(read).toBeGreaterThan(15);
  });
});

describe('the strict profile lets pass', () => {
  test.each([
    ['a field that is added', order('int32 a = 1; Line b = 2;'), order('int32 a = 1;')],
    [
      'a message, an enum and a value that are added',
      `${size('S = 0; M = 1;')} message A {}`,
      size('S = 0;'),
    ],
    ['a method that is added', service('rpc Get(A) returns (B);'), service('')],
    ['another order', order('int32 b = 2; int32 a = 1;'), order('int32 a = 1; int32 b = 2;')],
    ['comments', order('/* sum */ int32 a = 1;'), order('int32 a = 1;')],
    [
      'packed numbers, which every reader reads',
      order('repeated int32 a = 1 [packed = false];'),
      order('repeated int32 a = 1;'),
    ],
    ['more that is reserved', order('reserved 5 to 9;'), order('reserved 5 to 7;')],
  ])('%s', (_change, reader, writer) => {
    expect(check(reader, writer)).toEqual([]);
  });

  test('what a later version brought, seen by an earlier reader', () => {
    const later = proto3(
      'message Order { int32 a = 1; Line b = 2; } message Line {} enum Size { S = 0; } service Shop {}',
    );
    expect(check(proto3('message Order { int32 a = 1; }'), later, 'WRITER')).toEqual([]);
  });

  test('nothing that an earlier reader would read otherwise', () => {
    const found = check(order('string a = 1;'), order('bytes a = 1;'), 'WRITER');
    expect(found.map(({ kind }) => kind)).toEqual(['FIELD_WIRE_COMPATIBLE_TYPE']);
  });
});

test('only the axes that are asked for decide', () => {
  const [renamed] = check(order('int32 sum = 1;'), order('int32 a = 1;'));
  const rules = defaultRules('strict');
  expect(renamed && counts(rules, renamed)).toBe(true);
  expect(renamed && counts({ ...rules, axes: ['WIRE'] }, renamed)).toBe(false);
});

const vectors = fileURLToPath(
  new URL('../../../../../../../shared/vectors/registry/buf/breaking-rules-v2.json', import.meta.url),
);

/** Rules about several files, which a schema is not: what they would say of its own file the rules above say. */
const aboutSeveralFiles = [
  'FILE_NO_DELETE',
  'PACKAGE_ENUM_NO_DELETE',
  'PACKAGE_EXTENSION_NO_DELETE',
  'PACKAGE_MESSAGE_NO_DELETE',
  'PACKAGE_NO_DELETE',
  'PACKAGE_SERVICE_NO_DELETE',
];

describe.skipIf(isAbsent())("buf's rules", () => {
  const shape = z.array(z.object({ id: z.string(), categories: z.array(z.string()) }));
  const rules = shape.parse(existsSync(vectors) ? JSON.parse(readFileSync(vectors, 'utf8')) : []);

  test('are all kinds of the strict profile, but those about several files', () => {
    expect(rules.map((rule) => rule.id).toSorted()).toEqual(
      [...strictProtobufKinds, ...aboutSeveralFiles].toSorted(),
    );
  });

  test('stand on the mildest axis that they break, and messages that go break the wire', () => {
    const axisOf = new Map<string, string>(breaches.map(([kind, axis]) => [kind, axis]));
    for (const { id, categories } of rules) {
      if (aboutSeveralFiles.includes(id)) continue;
      const isOurs = id === 'MESSAGE_NO_DELETE' || id === 'MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT';
      const buf = categories.includes('WIRE') ? 'WIRE' : categories.includes('WIRE_JSON') ? 'JSON' : 'SOURCE';
      expect([id, axisOf.get(id)]).toEqual([id, isOurs ? 'WIRE' : buf]);
    }
  });
});

function isAbsent(): boolean {
  if (existsSync(vectors)) return false;
  process.stderr.write('skipped: ../shared/vectors/registry/buf/breaking-rules-v2.json is absent\n');
  return true;
}
