import { expect, test } from 'vitest';
import type { CheckReport, ReportedIncompatibility } from '../check-report.ts';
import { compatibilityMessages, incompatibleMessage } from './compatibility-messages.ts';

const text = (field: string): string =>
  `{"type":"record","name":"A","fields":[{"name":"${field}","type":"int"}]}`;

const breach = (more: Partial<ReportedIncompatibility>): ReportedIncompatibility => ({
  direction: 'BACKWARD',
  kind: 'READER_FIELD_MISSING_DEFAULT_VALUE',
  path: '/fields/0',
  message: 'the field is not written and has no default',
  versions: [1],
  ...more,
});

const report = (
  level: CheckReport['level'],
  ...incompatibilities: ReportedIncompatibility[]
): CheckReport => ({
  level,
  profile: 'confluent',
  axes: ['WIRE', 'JSON'],
  policy: 'STRICT',
  compatible: false,
  backward: false,
  forward: false,
  bump: 'MAJOR',
  incompatibilities,
  affected: [],
});

const compared = [
  { version: 1, text: text('one') },
  { version: 2, text: text('two') },
];

test('a breach is told with the side that reads, then the version, its text and the rule (reference: registry §2.5)', () => {
  expect(compatibilityMessages(report('BACKWARD', breach({})), text('new'), compared)).toEqual([
    `{errorType:"READER_FIELD_MISSING_DEFAULT_VALUE", description:"The field 'new' at path '/fields/0' in the new schema has no default value and is missing in the old schema", additionalInfo:"new"}`,
    '{oldSchemaVersion: 1}',
    `{oldSchema: '${text('one')}'}`,
    "{validateFields: 'false', compatibility: 'BACKWARD'}",
  ]);
});

test('forward, the old schema reads', () => {
  const [first] = compatibilityMessages(
    report('FORWARD', breach({ direction: 'FORWARD' })),
    text('new'),
    compared,
  );
  expect(first).toContain("The field 'one' at path '/fields/0' in the old schema has no default value");
});

test('of several versions the newest that is broken is told, and only what breaks it', () => {
  const messages = compatibilityMessages(
    report('FULL_TRANSITIVE', breach({ versions: [1] }), breach({ kind: 'TYPE_MISMATCH', versions: [1, 2] })),
    text('new'),
    compared,
  );
  expect(messages).toHaveLength(4);
  expect(messages[0]).toContain('TYPE_MISMATCH');
  expect(messages[1]).toBe('{oldSchemaVersion: 2}');
});

test('a direction that the level does not demand is not told', () => {
  expect(compatibilityMessages(report('BACKWARD', breach({ direction: 'FORWARD' })), '', compared)).toEqual(
    [],
  );
});

test('a long schema is cut', () => {
  const long = { version: 1, text: `"${'x'.repeat(20_000)}"` };
  const [, , quoted] = compatibilityMessages(report('BACKWARD', breach({})), '""', [long]);
  expect(quoted).toBe(`{oldSchema: <truncated> '${long.text.slice(0, 10 * 1024)}...'}`);
});

test.each([
  [
    'JSON Schema',
    { kind: 'TYPE_CHANGED', path: '' },
    `{errorType:"TYPE_CHANGED", description:"A type at path '#/' is different between the new schema and the old schema"}`,
  ],
  [
    'JSON Schema',
    { kind: 'REQUIRED_ATTRIBUTE_ADDED', path: '/required/sku', direction: 'FORWARD' },
    `{errorType:"REQUIRED_ATTRIBUTE_ADDED", description:"The keyword at path '#/required/sku' in the old schema is not present in the new schema"}`,
  ],
  [
    'Protobuf',
    { kind: 'FIELD_SCALAR_KIND_CHANGED', path: '/Order/Line/fields/2' },
    `{errorType:"FIELD_SCALAR_KIND_CHANGED", description:"The kind of a SCALAR field at path '#/Order/Line/2' in the new schema does not match its kind in the old schema"}`,
  ],
  [
    'Protobuf',
    { kind: 'MULTIPLE_FIELDS_MOVED_TO_ONEOF', path: '/Order/oneofs/pay' },
    `{errorType:"MULTIPLE_FIELDS_MOVED_TO_ONEOF", description:"Multiple fields in the oneof at path '#/Order/pay' in the new schema are outside a oneof in the old schema"}`,
  ],
] as const)('%s has its own words, its places in a URI, and nothing to add', (_format, more, expected) => {
  expect(compatibilityMessages(report('FULL', breach(more)), '{}', compared)[0]).toBe(expected);
});

test('a place in Avro is told from the root', () => {
  const [first] = compatibilityMessages(
    report('BACKWARD', breach({ kind: 'TYPE_MISMATCH', path: '' })),
    '"int"',
    compared,
  );
  expect(first).toContain(
    "The type (path '/') of a field in the new schema does not match with the old schema",
  );
});

test('the old schema is asked first', () => {
  const messages = compatibilityMessages(
    report(
      'FULL',
      breach({ kind: 'TYPE_MISMATCH' }),
      breach({ kind: 'NAME_MISMATCH', direction: 'FORWARD' }),
    ),
    text('new'),
    compared,
  );
  expect(messages.slice(0, 2).map((message) => message.slice(0, 28))).toEqual([
    '{errorType:"NAME_MISMATCH", ',
    '{errorType:"TYPE_MISMATCH", ',
  ]);
});

test('of another format no more is said than that', () => {
  const messages = compatibilityMessages(
    report('FULL', breach({ kind: 'SCHEMA_TYPE_CHANGED', path: '' })),
    '{}',
    compared,
  );
  expect(messages).toEqual([
    'Incompatible because of different schema type',
    "{validateFields: 'false', compatibility: 'FULL'}",
  ]);
});

test('what there are no words for is told in ours', () => {
  const [first] = compatibilityMessages(
    report('BACKWARD', breach({ kind: 'AMBIGUOUS_ALIAS', message: 'two fields fit' })),
    '"string"',
    compared,
  );
  expect(first).toContain('the old schema: two fields fit"');
});

test('a refusal quotes its subject and lists the reasons as Java would', () => {
  expect(incompatibleMessage('a-value', ['{a}', '{b}'])).toBe(
    'Schema being registered is incompatible with an earlier schema for subject "a-value", details: [{a}, {b}]',
  );
});
