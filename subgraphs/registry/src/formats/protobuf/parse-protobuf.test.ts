import { Problem } from '@spine/kernel/problem';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseProtobuf } from './parse-protobuf.ts';

const proto3 = (...lines: string[]): string => ['syntax = "proto3";', 'package shop;', ...lines].join('\n');
const proto2 = (...lines: string[]): string => ['syntax = "proto2";', 'package shop;', ...lines].join('\n');

function refusal(text: string): Problem {
  try {
    parseProtobuf(text);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('what a compiler refuses is refused with its line', () => {
  test.each([
    ['no statement', proto3('order {}'), 3],
    ['a message without an end', proto3('message Order {'), 3],
    ['a field without a number', proto3('message Order {', 'int32 a;', '}'), 4],
    ['a field without a semicolon', proto3('message Order {', 'int32 a = 1', '}'), 5],
    ['a character without a meaning', proto3('message Order {', 'int32 a = 1; ?', '}'), 4],
    ['another syntax', 'syntax = "proto4";', 1],
    ['an edition to come', 'edition = "2099";', 1],
    ['a number twice', proto3('message Order {', 'int32 a = 1;', 'int32 b = 1;', '}'), 5],
    ['a name twice', proto3('message Order {', 'int32 a = 1;', 'int32 a = 2;', '}'), 5],
    ['a message twice', proto3('message Order {}', 'message Order {}'), 4],
    ['a number that is too great', proto3('message Order {', 'int32 a = 536870912;', '}'), 4],
    ['a number below zero', proto3('message Order {', 'int32 a = -1;', '}'), 4],
    ["a number of Protobuf's own", proto3('message Order {', 'int32 a = 19500;', '}'), 4],
    ['a reserved number', proto3('message Order {', 'int32 a = 5;', 'reserved 3 to 9;', '}'), 4],
    ['a reserved name', proto3('message Order {', 'reserved "a";', 'int32 a = 5;', '}'), 5],
    [
      'a number left to extensions',
      proto2('message Order {', 'extensions 5 to 9;', 'optional int32 a = 5;', '}'),
      5,
    ],
    ['a type that nobody defines', proto3('message Order {', 'Line a = 1;', '}'), 4],
    [
      'a type that is no message',
      proto3('service Shop {', 'rpc Get(E) returns (E);', '}', 'enum E { Z = 0; }'),
      4,
    ],
    ['a file that is not imported', proto3('message Order {', 'google.protobuf.Timestamp a = 1;', '}'), 4],
    ['an enum without a zero', proto3('enum Size {', 'S = 1;', '}'), 4],
    ['an enum without values', proto3('enum Size {}'), 3],
    ['an enum value twice', proto3('enum Size {', 'S = 0;', 'M = 0;', '}'), 5],
    ['a reserved enum value', proto3('enum Size {', 'S = 0;', 'M = 2;', 'reserved 2;', '}'), 5],
    ['two enums with one value name', proto3('enum A { Z = 0; }', 'enum B { Z = 0; }'), 4],
    ['a oneof without members', proto3('message Order {', 'oneof pay {}', '}'), 4],
    ['a label in a oneof', proto3('message Order {', 'oneof pay { repeated int32 a = 1; }', '}'), 4],
    ['a map in a oneof', proto3('message Order {', 'oneof pay { map<int32, int32> a = 1; }', '}'), 4],
    ['a map by bytes', proto3('message Order {', 'map<bytes, int32> a = 1;', '}'), 4],
    ['a map by messages', proto3('message Order {', 'map<Order, int32> a = 1;', '}'), 4],
    ['a repeated map', proto3('message Order {', 'repeated map<int32, int32> a = 1;', '}'), 4],
    ['two fields with one JSON name', proto3('message Order {', 'int32 a_b = 1;', 'int32 aB = 2;', '}'), 5],
    ['required in proto3', proto3('message Order {', 'required int32 a = 1;', '}'), 4],
    ['a default in proto3', proto3('message Order {', 'int32 a = 1 [default = 4];', '}'), 4],
    ['a group in proto3', proto3('message Order {', 'repeated group Line = 1 {}', '}'), 4],
    ['extensions in proto3', proto3('message Order {', 'extensions 100 to 199;', '}'), 4],
    ['no label in proto2', proto2('message Order {', 'int32 a = 1;', '}'), 4],
    ['a default of another type', proto2('message Order {', 'optional int32 a = 1 [default = "x"];', '}'), 4],
    [
      'a default out of range',
      proto2('message Order {', 'optional int32 a = 1 [default = 2147483648];', '}'),
      4,
    ],
    [
      'a default that is no value',
      proto2('enum Size { S = 0; }', 'message Order {', 'optional Size a = 1 [default = XL];', '}'),
      5,
    ],
    [
      'an extension that is not left',
      proto2('message Order { extensions 5 to 9; }', 'extend Order {', 'optional int32 a = 4;', '}'),
      5,
    ],
    [
      'two extensions with one number',
      proto2(
        'message Order { extensions 5 to 9; }',
        'extend Order {',
        'optional int32 a = 5;',
        'optional int32 b = 5;',
        '}',
      ),
      6,
    ],
    [
      'a closed enum in proto3',
      'syntax = "proto3";\nimport "google/protobuf/descriptor.proto";\nmessage Order {\ngoogle.protobuf.FieldDescriptorProto.Type a = 1;\n}',
      4,
    ],
    ['a package twice', proto3('package store;'), 3],
    ['messages too deep in messages', proto3('message A {'.repeat(40)), 3],
    ['option values too deep', proto3(`option (x) = ${'{ a: '.repeat(40)}`), 3],
  ])('%s', (_what, text, line) => {
    const problem = refusal(text);
    expect(problem.code).toBe('SCHEMA_INVALID');
    expect(problem.message).toMatch(new RegExp(`^line ${line}: `));
  });
});

describe('what a compiler takes is taken', () => {
  test.each([
    ['nothing at all', ''],
    ['a package behind a message', 'syntax = "proto3"; message Order {} package shop;'],
    [
      'a group in a oneof',
      proto2('message Order { oneof pay { group Card = 1 { required string pan = 1; } } }'),
    ],
    [
      'an extension group',
      proto2(
        'message Order { extensions 5 to max; }',
        'extend Order { repeated group Line = 5 { optional int32 a = 1; } }',
      ),
    ],
    [
      'names like keywords',
      proto3(
        'message Order { int32 message = 1; string oneof = 2; bool reserved = 3; stream x = 4; } message stream {}',
      ),
    ],
    ['a map whose name is map', proto3('message Order { map<string, Order> map = 1; }')],
    ['spaces inside a type name', proto3('message Order { shop . Order a = 1; . shop.Order b = 2; }')],
    [
      'hexadecimal and octal numbers',
      proto3('message Order { int32 a = 0x10; int32 b = 017; reserved 40 to max; }'),
    ],
    ['strings that follow each other', proto3('option java_package = "a." \'b\';')],
    [
      'the text format in options',
      proto3(
        'import "confluent/meta.proto";',
        'message Order { string a = 1 [(confluent.field_meta) = { doc: "x", tags: ["PII"], params: [{ key: "k" value: "v" }] }]; }',
      ),
    ],
    [
      'values with one number that are aliases',
      proto3('enum Size { option allow_alias = true; S = 0; SMALL = 0; }'),
    ],
    [
      'negative values and reserved ranges of enums',
      proto3('enum Size { S = 0; M = -5; reserved -9 to -7, 100 to max; reserved "L"; }'),
    ],
    ['visibility of edition 2024', 'edition = "2024"; export message A { local enum E { Z = 0; } }'],
    ['reserved names as words in editions', 'edition = "2023"; message A { reserved b, c; }'],
    ['a semicolon too many', proto3('message Order { int32 a = 1;; };;')],
  ])('%s', (_what, text) => {
    expect(() => parseProtobuf(text)).not.toThrow();
  });

  test('a field with the number 0 is read, and told as a fault', () => {
    const { faults } = parseProtobuf(proto3('message Order {', 'int32 a = 0;', '}'));
    expect(faults).toEqual([{ message: 'the field a has the number 0', path: '/Order/fields/0', line: 4 }]);
  });
});

describe('names', () => {
  test('are looked for from the inside out', () => {
    const { messages } = parseProtobuf(
      proto3(
        'message Line {}',
        'message Order { message Line {} Line a = 1; .shop.Line b = 2; shop.Order.Line c = 3; }',
      ),
    );
    const types = messages.get('shop.Order')?.fields.map(({ type }) => type);
    expect(types).toEqual([
      { kind: 'named', name: 'shop.Order.Line' },
      { kind: 'named', name: 'shop.Line' },
      { kind: 'named', name: 'shop.Order.Line' },
    ]);
  });

  test('whose first word is found further in are not looked for further out', () => {
    // As the compiler has it: `parts` is shop.parts, and that has no Line.
    expect(refusal(proto3('message Order { parts.Line a = 1; } message parts {}')).message).toMatch(
      /parts\.Line/,
    );
  });
});

describe('imports', () => {
  const line = { name: 'line.proto', text: 'syntax = "proto3"; package parts; message Line {}' };
  const order = proto3('import "line.proto";', 'message Order { parts.Line a = 1; }');

  test('are found among the references', () => {
    const { dependencies } = parseProtobuf(order, [line]);
    expect(dependencies.map(({ path }) => path)).toEqual(['line.proto']);
  });

  test('that are missing are named', () => {
    const problem = refusal(order);
    expect(problem.code).toBe('SCHEMA_INVALID');
    expect(problem.fix).toBe('add a reference named "line.proto"');
  });

  test('reach through public ones, and no further', () => {
    const through = (word: string) => ({
      name: 'all.proto',
      text: `syntax = "proto3"; import ${word} "line.proto";`,
    });
    const text = proto3('import "all.proto";', 'message Order { parts.Line a = 1; }');
    expect(() => parseProtobuf(text, [line, through('public')])).not.toThrow();
    expect(() => parseProtobuf(text, [line, through('')])).toThrow(/parts\.Line/);
  });

  test('that lead back to themselves are refused', () => {
    const ring = [
      { name: 'a.proto', text: 'import "b.proto";' },
      { name: 'b.proto', text: 'import "a.proto";' },
    ];
    expect(() => parseProtobuf('import "a.proto";', ring)).toThrow(/leads back to itself/);
  });

  test('of what everybody has need no reference', () => {
    const paths = [
      'any',
      'api',
      'descriptor',
      'duration',
      'empty',
      'field_mask',
      'source_context',
      'struct',
      'timestamp',
      'type',
      'wrappers',
    ];
    const imports = paths.map((path) => `import "google/protobuf/${path}.proto";`);
    const others = ['confluent/meta', 'confluent/type/decimal', 'google/type/money', 'google/type/datetime'];
    const text = proto3(...imports, ...others.map((path) => `import "${path}.proto";`));
    expect(parseProtobuf(text).messages.get('confluent.type.Decimal')?.fields).toHaveLength(3);
  });
});

describe('what syntax and edition say of a field', () => {
  test('in proto2', () => {
    const [a, b, c] = fieldsOf(
      proto2('message M { required int32 a = 1; optional int32 b = 2; repeated int32 c = 3; }'),
    );
    expect([a?.presence, b?.presence, c?.isPacked]).toEqual(['required', 'explicit', false]);
  });

  test('in proto3', () => {
    const [a, b, c, d] = fieldsOf(
      proto3('message M { int32 a_b = 1; optional int32 b = 2; repeated int32 c = 3; M d = 4; }'),
    );
    expect([a?.jsonName, a?.presence, b?.presence, c?.isPacked, d?.presence]).toEqual([
      'aB',
      'implicit',
      'explicit',
      true,
      'explicit',
    ]);
  });

  test('in editions, where options of file and field override it', () => {
    const [a, b, c] = fieldsOf(
      'edition = "2023"; package shop; option features.field_presence = IMPLICIT; message M { int32 a = 1; int32 b = 2 [features.field_presence = LEGACY_REQUIRED]; M c = 3 [features.message_encoding = DELIMITED]; }',
    );
    expect([a?.presence, b?.presence, c?.isDelimited]).toEqual(['implicit', 'required', true]);
  });
});

describe('comments', () => {
  test('above a piece, or behind it, are its documentation', () => {
    const { file } = parseProtobuf(
      proto3(
        '// Detached.',
        '',
        '// An order',
        '// of a customer.',
        'message Order {',
        'int32 a = 1; // the sum',
        '/** the\n * lines */',
        'repeated int32 b = 2;',
        '}',
      ),
    );
    const [order] = file.messages;
    expect([order?.doc, ...(order?.fields.map((field) => field.doc) ?? [])]).toEqual([
      'An order\nof a customer.',
      'the sum',
      'the\nlines',
    ]);
  });
});

describe('hostile texts', () => {
  test('never end in anything but a refusal', () => {
    const piece = fc.constantFrom(
      'message',
      'A',
      '{',
      '}',
      'int32',
      '=',
      '1',
      ';',
      'oneof',
      'map',
      '<',
      '>',
      'enum',
      '"x"',
      '(',
      ')',
      'rpc',
      '[',
      ']',
      ',',
      '.',
      'extend',
      'group',
      'reserved',
      'to',
      'max',
      'option',
      'import',
      '-',
      '/*',
      '*/',
      '//',
      '\n',
      '\\',
      '\u0000',
      'syntax="proto3";',
      '__proto__',
      'constructor',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        try {
          parseProtobuf(pieces.join(' '));
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('that look like descriptors end in nothing else either', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 3, maxLength: 200 }), (bytes) => {
        try {
          parseProtobuf(Buffer.from(bytes).toString('base64'));
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('in a descriptor have names that are names', () => {
    // A FileDescriptorProto of one message called `a b`.
    const bytes = [0x22, 0x05, 0x0a, 0x03, 0x61, 0x20, 0x62];
    expect(refusal(Buffer.from(bytes).toString('base64')).message).toBe('"a b" is no name');
  });

  test('that are too long are too complex', () => {
    expect(refusal(' '.repeat(2_000_001)).code).toBe('SCHEMA_TOO_COMPLEX');
  });

  test.each([
    ['packages of many words', `package ${'a.'.repeat(5_000)}a; message A { A a = 1; }`],
    [
      'long names inside long names',
      `${`message ${'A'.repeat(500)} {`.repeat(3)} message B { ${Array.from({ length: 100 }, (_, at) => `B f${at} = ${at + 1};`).join(' ')} } ${'}'.repeat(3)}`,
    ],
  ])('with %s are too complex', (_what, text) => {
    expect(refusal(`syntax = "proto3"; ${text}`).code).toBe('SCHEMA_TOO_COMPLEX');
  });

  test('of ten thousand fields in one message take no more than their share', () => {
    const fields = Array.from({ length: 10_000 }, (_, index) => `int32 f${index} = ${index + 1};`);
    const start = performance.now();
    parseProtobuf(proto3(`message Wide { ${fields.join('\n')} }`));
    // Far above what it takes, far below what something quadratic would.
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});

function fieldsOf(text: string) {
  return parseProtobuf(text).messages.get('shop.M')?.fields ?? [];
}
