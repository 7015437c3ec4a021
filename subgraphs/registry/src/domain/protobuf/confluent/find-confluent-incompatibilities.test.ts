import { describe, expect, test } from 'vitest';
import { parseProtobuf } from '../../../formats/protobuf/parse-protobuf.ts';
import { defaultRules } from '../../check-rules.ts';
import { isRecord } from '../../json.ts';
import type { ReferencedText } from '../../schema-reference.ts';
import { findProtobufIncompatibilities } from '../find-incompatibilities.ts';
import { createProtobufjsModel } from '../protobufjs-model.ts';

const proto3 = (body: string): string => `syntax = "proto3"; package shop; ${body}`;
const order = (fields: string): string =>
  proto3(`message Order { ${fields} } message Line { string sku = 1; }`);
const proto2 = (fields: string): string => `syntax = "proto2"; package shop; message Order { ${fields} }`;

function check(
  reader: string,
  writer: string,
  readerReferences: readonly ReferencedText[] = [],
  writerReferences: readonly ReferencedText[] = [],
) {
  return findProtobufIncompatibilities(
    parseProtobuf(reader, readerReferences),
    parseProtobuf(writer, writerReferences),
    defaultRules('confluent'),
  );
}

const kindsAndPaths = (found: ReturnType<typeof check>): readonly string[] =>
  found.map(({ kind, path }) => `${kind} ${path}`);

/** Reader, then writer. */
const compatible: readonly (readonly [string, string, string])[] = [
  ['MESSAGE_ADDED', proto3('message A {} message B {}'), proto3('message A {}')],
  ['MESSAGE_MOVED', proto3('message B {} message A {}'), proto3('message A {} message B {}')],
  [
    'ENUM_ADDED, a number that becomes an enum',
    order('Size a = 1; enum Size { S = 0; }'),
    order('int32 a = 1;'),
  ],
  [
    'ENUM_REMOVED, an enum that becomes a number',
    order('int64 a = 1;'),
    order('Size a = 1; enum Size { S = 0; }'),
  ],
  [
    'ENUM_CONST_ADDED',
    order('enum Size { S = 0; M = 1; } Size a = 1;'),
    order('enum Size { S = 0; } Size a = 1;'),
  ],
  [
    'ENUM_CONST_CHANGED',
    order('enum Size { SMALL = 0; } Size a = 1;'),
    order('enum Size { S = 0; } Size a = 1;'),
  ],
  [
    'ENUM_CONST_REMOVED',
    order('enum Size { S = 0; } Size a = 1;'),
    order('enum Size { S = 0; M = 1; } Size a = 1;'),
  ],
  ['FIELD_ADDED', order('int32 a = 1; Line b = 2;'), order('int32 a = 1;')],
  ['FIELD_REMOVED', order('int32 a = 1;'), order('int32 a = 1; Line b = 2;')],
  ['FIELD_REMOVED and FIELD_ADDED, another number', order('int32 a = 2;'), order('int32 a = 1;')],
  ['FIELD_NAME_CHANGED', order('int32 amount = 1;'), order('int32 sum = 1;')],
  ['FIELD_STRING_OR_BYTES_LABEL_CHANGED', order('repeated bytes a = 1;'), order('optional string a = 1;')],
  [
    'ONEOF_ADDED around one field',
    order('oneof pay { int32 a = 1; int32 c = 3; } int32 b = 2;'),
    order('int32 a = 1; int32 b = 2;'),
  ],
  [
    'ONEOF_REMOVED with all of its members',
    order('int32 b = 2;'),
    order('oneof pay { int32 a = 1; string c = 3; } int32 b = 2;'),
  ],
  [
    'ONEOF_FIELD_ADDED',
    order('oneof pay { int32 a = 1; int32 b = 2; }'),
    order('oneof pay { int32 a = 1; }'),
  ],
  [
    'ONEOF_FIELD_MOVED_TO_TOP_LEVEL',
    order('int32 a = 1; oneof pay { int32 b = 2; }'),
    order('oneof pay { int32 a = 1; int32 b = 2; }'),
  ],
  [
    'a oneof that is renamed',
    order('oneof payment { int32 a = 1; int32 b = 2; }'),
    order('oneof pay { int32 a = 1; int32 b = 2; }'),
  ],
  ['a number among numbers', order('bool a = 1; uint64 b = 2;'), order('int32 a = 1; int64 b = 2;')],
  ['zigzag numbers', order('sint64 a = 1;'), order('sint32 a = 1;')],
  ['fixed numbers', order('sfixed32 a = 1; fixed64 b = 2;'), order('fixed32 a = 1; sfixed64 b = 2;')],
  ['string and bytes', order('string a = 1;'), order('bytes a = 1;')],
  ['a name written in full', order('shop.Line a = 1; .shop.Line b = 2;'), order('Line a = 1; Line b = 2;')],
  ['a label of a message', order('repeated Line a = 1;'), order('optional Line a = 1;')],
  ['a label that proto3 leaves out', order('repeated int32 a = 1;'), order('int32 a = 1;')],
];

/** What breaks, where, then reader and writer. */
const incompatible: readonly (readonly [string, string, string])[] = [
  ['PACKAGE_CHANGED ', proto3('message A {}').replace('shop', 'store'), proto3('message A {}')],
  ['MESSAGE_REMOVED /B', proto3('message A {}'), proto3('message A {} message B {}')],
  ['MESSAGE_REMOVED /A/B', proto3('message A {}'), proto3('message A { message B {} }')],
  ['FIELD_KIND_CHANGED /Order/fields/2', order('int32 a = 2;'), order('Line a = 2;')],
  ['FIELD_KIND_CHANGED /Order/fields/2', order('Line a = 2;'), order('string a = 2;')],
  ['FIELD_KIND_CHANGED /Order/fields/2', order('map<string, int32> a = 2;'), order('repeated Line a = 2;')],
  ['FIELD_SCALAR_KIND_CHANGED /Order/fields/1', order('string a = 1;'), order('int32 a = 1;')],
  ['FIELD_SCALAR_KIND_CHANGED /Order/fields/1', order('sint32 a = 1;'), order('int32 a = 1;')],
  ['FIELD_SCALAR_KIND_CHANGED /Order/fields/1', order('float a = 1;'), order('fixed32 a = 1;')],
  ['FIELD_SCALAR_KIND_CHANGED /Order/fields/1', order('double a = 1;'), order('float a = 1;')],
  ['FIELD_SCALAR_KIND_CHANGED /Order/fields/1', order('sfixed64 a = 1;'), order('int64 a = 1;')],
  [
    'FIELD_SCALAR_KIND_CHANGED /Order/fields/1',
    order('map<string, string> a = 1;'),
    order('map<string, int32> a = 1;'),
  ],
  [
    'FIELD_SCALAR_KIND_CHANGED /Order/fields/1',
    order('map<string, int32> a = 1;'),
    order('map<int32, int32> a = 1;'),
  ],
  [
    'FIELD_NAMED_TYPE_CHANGED /Order/fields/1',
    order('Part a = 1; message Part {} message Item {}'),
    order('Item a = 1; message Part {} message Item {}'),
  ],
  [
    'FIELD_NUMERIC_LABEL_CHANGED /Order/fields/1',
    order('optional int32 a = 1;'),
    order('repeated int32 a = 1;'),
  ],
  [
    'FIELD_NUMERIC_LABEL_CHANGED /Order/fields/1',
    proto2('required int32 a = 1;'),
    proto2('optional int32 a = 1;'),
  ],
  [
    'REQUIRED_FIELD_ADDED /Order/fields/2',
    proto2('optional int32 a = 1; required int32 b = 2;'),
    proto2('optional int32 a = 1;'),
  ],
  [
    'REQUIRED_FIELD_REMOVED /Order/fields/2',
    proto2('optional int32 a = 1;'),
    proto2('optional int32 a = 1; required int32 b = 2;'),
  ],
  [
    'ONEOF_FIELD_REMOVED /Order/fields/2',
    order('oneof pay { int32 a = 1; }'),
    order('oneof pay { int32 a = 1; int32 b = 2; }'),
  ],
  // Its oneof has another name, so nothing is told of it but what is lost.
  [
    'ONEOF_FIELD_REMOVED /Order/fields/2',
    order('oneof payment { int32 a = 1; }'),
    order('oneof pay { int32 a = 1; int32 b = 2; }'),
  ],
  [
    'MULTIPLE_FIELDS_MOVED_TO_ONEOF /Order/oneofs/pay',
    order('oneof pay { int32 a = 1; int32 b = 2; }'),
    order('int32 a = 1; int32 b = 2;'),
  ],
  [
    'FIELD_MOVED_TO_EXISTING_ONEOF /Order/oneofs/pay',
    order('oneof pay { int32 a = 1; int32 b = 2; }'),
    order('oneof pay { int32 a = 1; } int32 b = 2;'),
  ],
  [
    'FIELD_MOVED_TO_EXISTING_ONEOF /Order/oneofs/pay',
    order('oneof pay { int32 a = 1; int32 b = 2; }'),
    order('oneof pay { int32 a = 1; } oneof give { int32 b = 2; }'),
  ],
  // A type that changes on the way into a oneof is not hidden by the move.
  ['FIELD_SCALAR_KIND_CHANGED /Order/fields/1', order('oneof pay { string a = 1; }'), order('int32 a = 1;')],
];

describe('Confluent takes', () => {
  test.each(compatible)('%s', (_change, reader, writer) => {
    expect(kindsAndPaths(check(reader, writer))).toEqual([]);
  });
});

describe('Confluent refuses', () => {
  test.each(incompatible)('%s', (expected, reader, writer) => {
    expect(kindsAndPaths(check(reader, writer))).toEqual([expected]);
  });

  test.each(incompatible)(
    '%s with a message that is really read otherwise, where there is one',
    (_, reader, writer) => {
      const [found] = check(reader, writer);
      if (found?.witness === undefined) {
        // A message type of another name, or without a required field, may be read all the same.
        expect(['FIELD_NAMED_TYPE_CHANGED', 'FIELD_KIND_CHANGED', 'REQUIRED_FIELD_REMOVED']).toContain(
          found?.kind,
        );
        return;
      }
      const datum = isRecord(found.witness.datum) ? found.witness.datum : {};
      const { written, read } = createProtobufjsModel(reader, writer).overWire(datum);
      expect(read).not.toEqual(written);
    },
  );
});

describe('imported messages', () => {
  const using = (name: string): string => proto3(`import "line.proto"; message Order { ${name} line = 1; }`);
  const line = (packageName: string, fields: string): readonly ReferencedText[] => [
    { name: 'line.proto', text: `syntax = "proto3"; package ${packageName}; message Line { ${fields} }` },
  ];

  test('are compared where both fields hold them, and the field changes with them', () => {
    const found = check(
      using('parts.Line'),
      using('parts.Line'),
      line('parts', 'string id = 1;'),
      line('parts', 'int32 id = 1;'),
    );
    expect(kindsAndPaths(found)).toEqual([
      'FIELD_NAMED_TYPE_CHANGED /Order/fields/1',
      'FIELD_SCALAR_KIND_CHANGED /Line/fields/1',
    ]);
  });

  test('may move to another package with all that they have', () => {
    const found = check(
      using('store.Line'),
      using('parts.Line'),
      line('store', 'int32 id = 1;'),
      line('parts', 'int32 id = 1;'),
    );
    expect(found).toEqual([]);
  });

  test('that hold each other end', () => {
    const ring = (type: string): readonly ReferencedText[] => [
      {
        name: 'line.proto',
        text: `syntax = "proto3"; package parts; message Line { Box box = 1; } message Box { Line line = 1; ${type} id = 2; }`,
      },
    ];
    const found = check(using('parts.Line'), using('parts.Line'), ring('string'), ring('int32'));
    expect(kindsAndPaths(found)).toEqual([
      'FIELD_NAMED_TYPE_CHANGED /Order/fields/1',
      'FIELD_NAMED_TYPE_CHANGED /Line/fields/1',
      'FIELD_SCALAR_KIND_CHANGED /Box/fields/2',
      'FIELD_NAMED_TYPE_CHANGED /Box/fields/1',
    ]);
  });

  test('and a message that moves out of an import is only added', () => {
    const reader = proto3('message Order { Line line = 1; } message Line { int32 id = 1; }');
    expect(check(reader, using('parts.Line'), [], line('parts', 'int32 id = 1;'))).toEqual([]);
  });

  test('and a message that moves into an import is removed', () => {
    const writer = proto3('message Order { Line line = 1; } message Line { int32 id = 1; }');
    expect(kindsAndPaths(check(using('parts.Line'), writer, line('parts', 'int32 id = 1;')))).toEqual([
      'MESSAGE_REMOVED /Line',
    ]);
  });
});
