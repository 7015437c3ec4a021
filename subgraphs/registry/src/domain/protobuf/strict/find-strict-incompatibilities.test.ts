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

const proto3 = (body: string): string => `syntax = "proto3"; package shop; ${body}`;
const proto2 = (body: string): string => `syntax = "proto2"; package shop; ${body}`;
const edition = (body: string): string => `edition = "2023"; package shop; ${body}`;
const order = (fields: string): string =>
  proto3(`message Order { ${fields} } message Line { string sku = 1; }`);
const size = (values: string): string => proto3(`enum Size { ${values} }`);
const service = (methods: string): string => proto3(`message A {} message B {} service Shop { ${methods} }`);
const option = (text: string): string => proto3(`option ${text}; message Order {}`);

function check(reader: string, writer: string, newer: 'READER' | 'WRITER' = 'READER') {
  return findProtobufIncompatibilities(parseProtobuf(reader), parseProtobuf(writer), {
    ...defaultRules('strict'),
    newer,
  });
}

/** The rule of buf, its axis, where, then reader and writer. */
const breaches: readonly (readonly [string, string, string, string, string])[] = [
  ['ENUM_NO_DELETE', 'SOURCE', '/Size', proto3(''), size('S = 0;')],
  [
    'ENUM_SAME_JSON_FORMAT',
    'JSON',
    '/Size',
    edition('enum Size { option features.json_format = LEGACY_BEST_EFFORT; S = 0; }'),
    edition('enum Size { S = 0; }'),
  ],
  [
    'ENUM_SAME_TYPE',
    'SOURCE',
    '/Size',
    edition('enum Size { option features.enum_type = CLOSED; S = 0; }'),
    edition('enum Size { S = 0; }'),
  ],
  [
    'ENUM_VALUE_NO_DELETE',
    'SOURCE',
    '/Size/values/1',
    size('S = 0; reserved 1; reserved "M";'),
    size('S = 0; M = 1;'),
  ],
  [
    'ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED',
    'JSON',
    '/Size/values/1',
    size('S = 0; reserved 1;'),
    size('S = 0; M = 1;'),
  ],
  [
    'ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED',
    'WIRE',
    '/Size/values/1',
    size('S = 0; reserved "M";'),
    size('S = 0; M = 1;'),
  ],
  ['ENUM_VALUE_SAME_NAME', 'JSON', '/Size/values/1', size('S = 0; MEDIUM = 1;'), size('S = 0; M = 1;')],
  [
    'EXTENSION_MESSAGE_NO_DELETE',
    'SOURCE',
    '/Order',
    proto2('message Order { extensions 100 to 150; }'),
    proto2('message Order { extensions 100 to 199; }'),
  ],
  [
    'EXTENSION_NO_DELETE',
    'SOURCE',
    '/extensions/shop.Order/100',
    proto2('message Order { extensions 100 to 199; }'),
    proto2('message Order { extensions 100 to 199; } extend Order { optional int32 a = 100; }'),
  ],
  [
    'FIELD_NO_DELETE',
    'SOURCE',
    '/Order/fields/2',
    order('int32 a = 1; reserved 2; reserved "b";'),
    order('int32 a = 1; int32 b = 2;'),
  ],
  [
    'FIELD_NO_DELETE_UNLESS_NAME_RESERVED',
    'JSON',
    '/Order/fields/2',
    order('int32 a = 1; reserved 2;'),
    order('int32 a = 1; int32 b = 2;'),
  ],
  [
    'FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED',
    'WIRE',
    '/Order/fields/2',
    order('int32 a = 1; reserved "b";'),
    order('int32 a = 1; int32 b = 2;'),
  ],
  [
    'FIELD_SAME_CARDINALITY',
    'SOURCE',
    '/Order/fields/1',
    order('optional int32 a = 1;'),
    order('int32 a = 1;'),
  ],
  [
    'FIELD_SAME_CPP_STRING_TYPE',
    'SOURCE',
    '/Order/fields/1',
    order('string a = 1 [ctype = CORD];'),
    order('string a = 1;'),
  ],
  [
    'FIELD_SAME_DEFAULT',
    'WIRE',
    '/Order/fields/1',
    proto2('message Order { optional int32 a = 1 [default = 5]; }'),
    proto2('message Order { optional int32 a = 1 [default = 4]; }'),
  ],
  [
    'FIELD_SAME_DEFAULT',
    'WIRE',
    '/Order/fields/1',
    proto2('message Order { optional Size a = 1; } enum Size { M = 1; S = 0; }'),
    proto2('message Order { optional Size a = 1; } enum Size { S = 0; M = 1; }'),
  ],
  [
    'FIELD_SAME_JAVA_UTF8_VALIDATION',
    'SOURCE',
    '/Order/fields/1',
    proto2('option java_string_check_utf8 = true; message Order { optional string a = 1; }'),
    proto2('message Order { optional string a = 1; }'),
  ],
  [
    'FIELD_SAME_JSON_NAME',
    'JSON',
    '/Order/fields/1',
    order('int32 a = 1 [json_name = "sum"];'),
    order('int32 a = 1;'),
  ],
  [
    'FIELD_SAME_JSTYPE',
    'SOURCE',
    '/Order/fields/1',
    order('int64 a = 1 [jstype = JS_STRING];'),
    order('int64 a = 1;'),
  ],
  ['FIELD_SAME_NAME', 'JSON', '/Order/fields/1', order('int32 a_b = 1;'), order('int32 aB = 1;')],
  ['FIELD_SAME_ONEOF', 'WIRE', '/Order/fields/1', order('oneof pay { int32 a = 1; }'), order('int32 a = 1;')],
  ['FIELD_SAME_TYPE', 'SOURCE', '/Order/fields/1', order('int64 a = 1;'), order('uint32 a = 1;')],
  [
    'FIELD_SAME_UTF8_VALIDATION',
    'SOURCE',
    '/Order/fields/1',
    edition('message Order { string a = 1 [features.utf8_validation = NONE]; }'),
    edition('message Order { string a = 1; }'),
  ],
  [
    'FIELD_WIRE_COMPATIBLE_CARDINALITY',
    'WIRE',
    '/Order/fields/1',
    order('int32 a = 1;'),
    order('repeated int32 a = 1;'),
  ],
  [
    'FIELD_WIRE_COMPATIBLE_CARDINALITY',
    'WIRE',
    '/Order/fields/1',
    order('repeated string a = 1;'),
    order('string a = 1;'),
  ],
  ['FIELD_WIRE_COMPATIBLE_TYPE', 'WIRE', '/Order/fields/1', order('string a = 1;'), order('bytes a = 1;')],
  ['FIELD_WIRE_COMPATIBLE_TYPE', 'WIRE', '/Order/fields/1', order('sint32 a = 1;'), order('int32 a = 1;')],
  ['FIELD_WIRE_COMPATIBLE_TYPE', 'WIRE', '/Order/fields/1', order('float a = 1;'), order('fixed32 a = 1;')],
  [
    'FIELD_WIRE_COMPATIBLE_TYPE',
    'WIRE',
    '/Order/fields/1',
    order('map<string, string> a = 1;'),
    order('map<string, int32> a = 1;'),
  ],
  [
    'FIELD_WIRE_COMPATIBLE_TYPE',
    'WIRE',
    '/Order/fields/1',
    order('int32 a = 1; enum Size { S = 0; M = 1; }'),
    order('Size a = 1; enum Size { S = 0; M = 1; }'),
  ],
  [
    'FIELD_WIRE_COMPATIBLE_TYPE',
    'WIRE',
    '/Order/fields/1',
    edition(
      'message Order { Line a = 1 [features.message_encoding = DELIMITED]; } message Line { int32 b = 1; }',
    ),
    edition('message Order { Line a = 1; } message Line { int32 b = 1; }'),
  ],
  [
    'FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY',
    'JSON',
    '/Order/fields/1',
    order('repeated Pair a = 1; message Pair { string key = 1; int32 value = 2; }'),
    order('map<string, int32> a = 1; message Pair { string key = 1; int32 value = 2; }'),
  ],
  [
    'FIELD_WIRE_JSON_COMPATIBLE_TYPE',
    'JSON',
    '/Order/fields/1',
    order('bytes a = 1;'),
    order('string a = 1;'),
  ],
  ['FIELD_WIRE_JSON_COMPATIBLE_TYPE', 'JSON', '/Order/fields/1', order('bool a = 1;'), order('int32 a = 1;')],
  [
    'FILE_SAME_CC_ENABLE_ARENAS',
    'SOURCE',
    '',
    option('cc_enable_arenas = false'),
    option('cc_enable_arenas = true'),
  ],
  [
    'FILE_SAME_CC_GENERIC_SERVICES',
    'SOURCE',
    '',
    option('cc_generic_services = true'),
    option('cc_generic_services = false'),
  ],
  [
    'FILE_SAME_CSHARP_NAMESPACE',
    'SOURCE',
    '',
    option('csharp_namespace = "A"'),
    option('csharp_namespace = "B"'),
  ],
  ['FILE_SAME_GO_PACKAGE', 'SOURCE', '', option('go_package = "a"'), option('go_package = "b"')],
  [
    'FILE_SAME_JAVA_GENERIC_SERVICES',
    'SOURCE',
    '',
    option('java_generic_services = true'),
    proto3('message Order {}'),
  ],
  [
    'FILE_SAME_JAVA_MULTIPLE_FILES',
    'SOURCE',
    '',
    option('java_multiple_files = true'),
    proto3('message Order {}'),
  ],
  [
    'FILE_SAME_JAVA_OUTER_CLASSNAME',
    'SOURCE',
    '',
    option('java_outer_classname = "A"'),
    proto3('message Order {}'),
  ],
  ['FILE_SAME_JAVA_PACKAGE', 'SOURCE', '', option('java_package = "a"'), option('java_package = "b"')],
  [
    'FILE_SAME_OBJC_CLASS_PREFIX',
    'SOURCE',
    '',
    option('objc_class_prefix = "A"'),
    option('objc_class_prefix = "B"'),
  ],
  ['FILE_SAME_OPTIMIZE_FOR', 'SOURCE', '', option('optimize_for = CODE_SIZE'), proto3('message Order {}')],
  [
    'FILE_SAME_PACKAGE',
    'WIRE',
    '',
    proto3('message Order {}').replace('shop', 'store'),
    proto3('message Order {}'),
  ],
  [
    'FILE_SAME_PHP_CLASS_PREFIX',
    'SOURCE',
    '',
    option('php_class_prefix = "A"'),
    option('php_class_prefix = "B"'),
  ],
  [
    'FILE_SAME_PHP_METADATA_NAMESPACE',
    'SOURCE',
    '',
    option('php_metadata_namespace = "A"'),
    option('php_metadata_namespace = "B"'),
  ],
  ['FILE_SAME_PHP_NAMESPACE', 'SOURCE', '', option('php_namespace = "A"'), option('php_namespace = "B"')],
  [
    'FILE_SAME_PY_GENERIC_SERVICES',
    'SOURCE',
    '',
    option('py_generic_services = true'),
    proto3('message Order {}'),
  ],
  ['FILE_SAME_RUBY_PACKAGE', 'SOURCE', '', option('ruby_package = "A"'), option('ruby_package = "B"')],
  ['FILE_SAME_SWIFT_PREFIX', 'SOURCE', '', option('swift_prefix = "A"'), option('swift_prefix = "B"')],
  [
    'FILE_SAME_SYNTAX',
    'SOURCE',
    '',
    proto2('message Order {}'),
    proto3('message Order {}')
      .replace('proto3', 'proto2')
      .replace('syntax = "proto2";', 'edition = "2023"; option features.json_format = LEGACY_BEST_EFFORT;'),
  ],
  ['MESSAGE_NO_DELETE', 'WIRE', '/B', proto3('message A {}'), proto3('message A {} message B {}')],
  [
    'MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR',
    'SOURCE',
    '/Order',
    order('option no_standard_descriptor_accessor = true;'),
    order(''),
  ],
  [
    'MESSAGE_SAME_JSON_FORMAT',
    'JSON',
    '/Order',
    edition('message Order { option features.json_format = LEGACY_BEST_EFFORT; }'),
    edition('message Order {}'),
  ],
  [
    'MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT',
    'WIRE',
    '/Order',
    proto2('message Order { option message_set_wire_format = true; extensions 4 to max; }'),
    proto2('message Order { extensions 4 to max; }'),
  ],
  [
    'MESSAGE_SAME_REQUIRED_FIELDS',
    'WIRE',
    '/Order/fields/1',
    proto2('message Order { required int32 a = 1; }'),
    proto2('message Order {}'),
  ],
  [
    'ONEOF_NO_DELETE',
    'SOURCE',
    '/Order/oneofs/pay',
    order('reserved 1; reserved "a";'),
    order('oneof pay { int32 a = 1; }'),
  ],
  [
    'RESERVED_ENUM_NO_DELETE',
    'WIRE',
    '/Size',
    size('S = 0; reserved 5 to 7;'),
    size('S = 0; reserved 5 to 9;'),
  ],
  [
    'RESERVED_MESSAGE_NO_DELETE',
    'WIRE',
    '/Order',
    order('reserved 5 to 9;'),
    order('reserved 5 to 9; reserved "old";'),
  ],
  ['RPC_NO_DELETE', 'SOURCE', '/Shop/methods/Get', service(''), service('rpc Get(A) returns (B);')],
  [
    'RPC_SAME_CLIENT_STREAMING',
    'WIRE',
    '/Shop/methods/Get',
    service('rpc Get(stream A) returns (B);'),
    service('rpc Get(A) returns (B);'),
  ],
  [
    'RPC_SAME_IDEMPOTENCY_LEVEL',
    'WIRE',
    '/Shop/methods/Get',
    service('rpc Get(A) returns (B) { option idempotency_level = IDEMPOTENT; }'),
    service('rpc Get(A) returns (B);'),
  ],
  [
    'RPC_SAME_REQUEST_TYPE',
    'WIRE',
    '/Shop/methods/Get',
    service('rpc Get(B) returns (B);'),
    service('rpc Get(A) returns (B);'),
  ],
  [
    'RPC_SAME_RESPONSE_TYPE',
    'WIRE',
    '/Shop/methods/Get',
    service('rpc Get(A) returns (A);'),
    service('rpc Get(A) returns (B);'),
  ],
  [
    'RPC_SAME_SERVER_STREAMING',
    'WIRE',
    '/Shop/methods/Get',
    service('rpc Get(A) returns (stream B);'),
    service('rpc Get(A) returns (B);'),
  ],
  ['SERVICE_NO_DELETE', 'SOURCE', '/Shop', proto3('message A {} message B {}'), service('')],
];

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
    const axisOf = new Map(breaches.map(([kind, axis]) => [kind, axis]));
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
