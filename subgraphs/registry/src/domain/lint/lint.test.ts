import { expect, test } from 'vitest';
import { lint } from './lint.ts';
import { findingsOf, read } from './lint-builder.ts';
import { lintRules } from './lint-rules.ts';
import { parseSeverities } from './parse-severities.ts';

const avro = (schema: object) => read('AVRO', JSON.stringify(schema));
const order = (...fields: object[]): object => ({
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  doc: 'One purchase.',
  fields,
});

test('an ordinary schema without documentation is warned, not refused', () => {
  const findings = lint(avro({ type: 'record', name: 'Order', fields: [{ name: 'id', type: 'long' }] }));
  expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([
    ['AVRO_FIELD_DOC', 'warning'],
    ['AVRO_NAMESPACE_DEFINED', 'warning'],
    ['AVRO_TYPE_DOC', 'warning'],
  ]);
});

test('a subject sets severities by rule, and switches rules off', () => {
  const schema = avro(order({ name: 'Id', type: 'long' }));
  const severities = parseSeverities({ AVRO_FIELD_NAME_CASE: 'error', AVRO_FIELD_DOC: 'off' });
  expect(lint({ ...schema, severities }).map(({ rule, severity }) => [rule, severity])).toEqual([
    ['AVRO_FIELD_NAME_CASE', 'error'],
  ]);
});

test('errors come first, and none of them is cut off by a flood of warnings', () => {
  const many = Array.from({ length: 1_500 }, (_, index) => ({ name: `f${index}`, type: 'long' }));
  const bad = { name: 'paid', type: { type: 'bytes', logicalType: 'decimal' } };
  const findings = lint(avro(order(...many, bad)));
  expect(findings[0]).toMatchObject({
    rule: 'AVRO_LOGICAL_TYPE_VALID',
    severity: 'error',
    path: '/fields/1500/type/logicalType',
  });
  expect(findings).toHaveLength(1_000);
});

test.each([
  [{ NO_SUCH_RULE: 'error' }, '/severities/NO_SUCH_RULE'],
  [{ OWNER_STATED: 'fatal' }, '/severities/OWNER_STATED'],
  [{ constructor: 'off' }, '/severities/constructor'],
  [['error'], '/severities'],
])('severities that mean nothing are refused: %j', (value, path) => {
  expect(() => parseSeverities(value)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', path }));
});

test('ids are stable words, and every rule says what it demands in a sentence', () => {
  for (const { id, summary } of lintRules) {
    expect(id).toMatch(/^[A-Z]+(_[A-Z]+)+$/);
    expect(summary).toMatch(/^[A-Z`].*\.$/);
  }
});

test('nobody is asked for an owner, a class or a retention of a file on its own', () => {
  const governance = ['OWNER_STATED', 'DATA_CLASS_STATED', 'RETENTION_STATED'];
  const schema = avro(order());
  expect(governance.flatMap((rule) => findingsOf(rule, schema))).toEqual([]);
  const stewardship = { tags: {}, owner: '' };
  expect(governance.flatMap((rule) => findingsOf(rule, { ...schema, stewardship }))).toHaveLength(3);
});

test.each([
  [
    'a tag beside the schema',
    { name: 'email', type: 'string' },
    { tags: { email: ['checked'] } },
    undefined,
    0,
  ],
  [
    'a tag in the schema',
    { name: 'email', type: 'string', 'confluent:tags': ['PII'] },
    undefined,
    undefined,
    0,
  ],
  [
    'a tag in the metadata',
    { name: 'email', type: 'string' },
    undefined,
    { tags: { '**.email': ['PII'] } },
    0,
  ],
  ['a flag', { name: 'has_email', type: 'boolean' }, undefined, undefined, 0],
  ['a field of another name', { name: 'note', type: 'string' }, undefined, undefined, 0],
  ['no tag', { name: 'email', type: ['null', 'string'] }, undefined, undefined, 1],
  ['a column of that name', { name: 'c1', type: 'string', 'spine.name': 'E-Mail' }, undefined, undefined, 1],
])('personal data is looked for by name: %s', (_what, field, stewardship, metadata, count) => {
  const schema = avro(order(field));
  const input = { ...schema, source: { ...schema.source, metadata }, stewardship };
  expect(findingsOf('PERSONAL_DATA_TAGGED', input)).toHaveLength(count);
});

test('a record that is named like personal data is told by the fields inside it, at their places', () => {
  const street = { name: 'street', type: 'string' };
  const address = { name: 'address', type: { type: 'record', name: 'Address', fields: [street] } };
  expect(findingsOf('PERSONAL_DATA_TAGGED', avro(order(address))).map(({ path }) => path)).toEqual([
    '/fields/0/type/fields/0',
  ]);
});

test('a version of another format is no guide', () => {
  const schema = avro(order({ name: 'id', type: 'long' }));
  expect(lint({ ...schema, previous: read('JSON', '{"properties":{}}') })).toEqual(lint(schema));
});

test.each([
  ['a text that the first branch takes', ['string', 'null'], 'x', 0],
  ['null where it comes first', ['null', 'string'], null, 0],
  ['null where it comes second', ['string', 'null'], null, 1],
  ['a record by its name', ['Other', 'null'], {}, 0],
  ['a logical type', [{ type: 'long', logicalType: 'timestamp-millis' }, 'null'], 0, 0],
  ['an array', [{ type: 'array', items: 'string' }, 'null'], [], 0],
  [
    'a list where a map comes first',
    [
      { type: 'map', values: 'string' },
      { type: 'array', items: 'int' },
    ],
    [],
    1,
  ],
])('a default fits the first branch: %s', (_what, type, value, count) => {
  const other = { name: 'other', type: { type: 'record', name: 'Other', fields: [] } };
  const schema = avro(order(other, { name: 'x', type, default: value }));
  expect(findingsOf('AVRO_DEFAULT_FIRST_BRANCH', schema)).toHaveLength(count);
});

test.each([
  ['(a+)+', 1],
  ['^(\\d*\\w)*$', 1],
  ['(x{2,})*', 1],
  ['^[a-z]+$', 0],
  ['[(+]+(a)*', 0],
  ['(ab)+', 0],
  ['(\\(+x)', 0],
  ['a'.repeat(3_000), 1],
])('a pattern that repeats a repetition is not safe: %s', (pattern, count) => {
  expect(findingsOf('JSON_PATTERN_SAFE', read('JSON', JSON.stringify({ pattern })))).toHaveLength(count);
});

const file = (name: string, text: string) => ({ name, text: `syntax = "proto3"; package lib; ${text}` });
const proto = (text: string, ...files: { name: string; text: string }[]) =>
  read('PROTOBUF', `syntax = "proto3";\npackage shop;\n${text}`, files);

test.each([
  ['a type of a field', 'message A { lib.B b = 1; }', file('x.proto', 'message B {}'), 0],
  ['a type in a map', 'message A { map<string, lib.B> b = 1; }', file('x.proto', 'message B {}'), 0],
  [
    'an enum in a message',
    'message A { lib.B.C c = 1; }',
    file('x.proto', 'message B { enum C { Z = 0; } }'),
    0,
  ],
  ['a type of a method', 'service S { rpc R(lib.B) returns (lib.B); }', file('x.proto', 'message B {}'), 0],
  [
    'an option',
    'message A { option (lib.level) = 1; }',
    file(
      'x.proto',
      'import "google/protobuf/descriptor.proto"; extend google.protobuf.MessageOptions { int32 level = 50000; }',
    ),
    0,
  ],
  ['nothing', 'message A {}', file('x.proto', 'message B {}'), 1],
])('an import is used by %s: %#', (_what, text, imported, count) => {
  const schema = proto(`import "x.proto";\n${text}`, imported);
  expect(findingsOf('IMPORT_USED', schema)).toHaveLength(count);
});

test('an import is used for what it passes on, and its fix takes the one line out that it means', () => {
  const inner = file('inner.proto', 'message B {}');
  const outer = file('outer.proto', 'import public "inner.proto";');
  expect(
    findingsOf('IMPORT_USED', proto('import "outer.proto"; message A { lib.B b = 1; }', inner, outer)),
  ).toEqual([]);
  const twice = proto(
    '// import "inner.proto";\nimport "inner.proto";\n/*\nimport "inner.proto";\n*/',
    inner,
  );
  expect(findingsOf('IMPORT_USED', twice)[0]?.fix).toBeUndefined();
});

test.each([
  ['HTTPCode', 'HTTP_CODE_UNSPECIFIED', 0],
  ['State', 'STATE_UNSPECIFIED', 0],
  ['State', 'STATEUNSPECIFIED', 1],
])('values of the enum %s begin with its name: %s', (name, value, count) => {
  expect(findingsOf('ENUM_VALUE_PREFIX', proto(`enum ${name} { ${value} = 0; }`))).toHaveLength(count);
});

test.each(['shop.v1', 'shop.v1beta1', 'shop.v2alpha', 'shop.v1p1beta2', 'shop.v1test', 'shop.v1testing'])(
  'the package %s bears a version',
  (name) => {
    const schema = read('PROTOBUF', `syntax = "proto3"; package ${name};`);
    expect(findingsOf('PACKAGE_VERSION_SUFFIX', schema)).toEqual([]);
  },
);

test('a syntax is written behind the comments that lead a file, and not where one is', () => {
  const [finding] = findingsOf('SYNTAX_SPECIFIED', read('PROTOBUF', '// Ours.\nmessage A {}'));
  expect(finding?.fix?.edits[0]).toMatchObject({ start: 9, end: 9 });
  expect(
    findingsOf('SYNTAX_SPECIFIED', read('PROTOBUF', '/* Ours. */ syntax = "proto2"; message A {}')),
  ).toEqual([]);
});
