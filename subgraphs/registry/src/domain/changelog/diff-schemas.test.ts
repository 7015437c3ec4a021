import { expect, test } from 'vitest';
import { defaultRules } from '../check-rules.ts';
import { breachesBetween, described, harmless } from './changelog-builder.ts';
import { diffSchemas } from './diff-schemas.ts';
import type { SchemaChange } from './schema-change.ts';

const order = (fields: object[], rest: object = {}): object => ({
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  fields,
  ...rest,
});
const id = { name: 'id', type: 'long' };
const email = { name: 'email', type: 'string' };

function brief(changes: readonly SchemaChange[]): readonly unknown[] {
  return changes.map(({ kind, part, name, before, after }) => [kind, part, name, before, after]);
}

test.each<[string, object, object, ...unknown[][]]>([
  [
    'a field added',
    order([id]),
    order([id, email]),
    ['ADDED', 'FIELD', 'shop.Order.email', undefined, 'string'],
  ],
  [
    'a field removed',
    order([id, email]),
    order([id]),
    ['REMOVED', 'FIELD', 'shop.Order.email', 'string', undefined],
  ],
  [
    'a field renamed by an alias',
    order([id]),
    order([{ ...id, name: 'number', aliases: ['id'] }]),
    ['RENAMED', 'FIELD', 'shop.Order.number', 'id', 'number'],
    ['ALIASES_CHANGED', 'FIELD', 'shop.Order.number', undefined, ['id']],
  ],
  [
    'a type widened',
    order([{ ...id, type: 'int' }]),
    order([id]),
    ['TYPE_CHANGED', 'FIELD', 'shop.Order.id', 'int', 'long'],
  ],
  [
    'a logical type',
    order([{ ...id, type: { type: 'long', logicalType: 'timestamp-millis' } }]),
    order([{ ...id, type: { type: 'long', logicalType: 'timestamp-micros' } }]),
    ['TYPE_CHANGED', 'FIELD', 'shop.Order.id', 'long (timestamp-millis)', 'long (timestamp-micros)'],
  ],
  [
    'a default given',
    order([id]),
    order([{ ...id, default: 0 }]),
    ['DEFAULT_CHANGED', 'FIELD', 'shop.Order.id', undefined, 0],
  ],
  [
    'documentation',
    order([id]),
    order([id], { doc: 'One purchase.' }),
    ['DOC_CHANGED', 'RECORD', 'shop.Order', undefined, 'One purchase.'],
  ],
  [
    'an attribute of somebody',
    order([id]),
    order([{ ...id, 'connect.index': 1 }]),
    ['OPTIONS_CHANGED', 'FIELD', 'shop.Order.id', undefined, { 'connect.index': 1 }],
  ],
  [
    'the order of fields',
    order([id, email]),
    order([email, id]),
    ['ORDER_CHANGED', 'RECORD', 'shop.Order', ['id', 'email'], ['email', 'id']],
  ],
  [
    'a symbol added',
    { type: 'enum', name: 'State', symbols: ['OPEN'] },
    { type: 'enum', name: 'State', symbols: ['OPEN', 'PAID'] },
    ['ADDED', 'SYMBOL', 'State.PAID', undefined, 'PAID'],
  ],
  [
    'the size of a fixed',
    { type: 'fixed', name: 'Hash', size: 16 },
    { type: 'fixed', name: 'Hash', size: 32 },
    ['CONSTRAINTS_CHANGED', 'FIXED', 'Hash', '16 bytes', '32 bytes'],
  ],
  [
    'another namespace',
    order([id]),
    order([id], { namespace: 'store' }),
    ['RENAMED', 'RECORD', 'store.Order', 'shop.Order', 'store.Order'],
  ],
])('the changelog of Avro tells %s', (_what, before, after, ...expected) => {
  const changes = diffSchemas(described('AVRO', before), described('AVRO', after), harmless);
  expect(brief(changes)).toEqual(expected);
});

test.each<[string, string, string, unknown[][]]>([
  [
    'a field that keeps its number under another name',
    'message Order { int64 id = 1; }',
    'message Order { int64 number = 1; }',
    [['RENAMED', 'FIELD', 'Order.number', 'id', 'number']],
  ],
  [
    'a field that keeps its name under another number',
    'message Order { int64 id = 1; } enum State { NONE = 0; PAID = 1; }',
    'message Order { int64 id = 2; } enum State { NONE = 0; PAID = 2; }',
    [
      ['NUMBER_CHANGED', 'FIELD', 'Order.id', 1, 2],
      ['NUMBER_CHANGED', 'SYMBOL', 'State.PAID', 1, 2],
    ],
  ],
  [
    'a field removed and its number reserved',
    'message Order { int64 id = 1; string email = 2; }',
    'message Order { reserved 2, 9 to 12, "email"; int64 id = 1; }',
    [
      ['CONSTRAINTS_CHANGED', 'RECORD', 'Order', undefined, { reserved: ['2', '9 to 12', 'email'] }],
      ['REMOVED', 'FIELD', 'Order.email', 'string', undefined],
    ],
  ],
  [
    'a label and a oneof',
    'message Order { string a = 1; string b = 2; }',
    'message Order { repeated string a = 1; oneof kind { string b = 2; } }',
    [
      ['TYPE_CHANGED', 'FIELD', 'Order.a', 'string', 'repeated string'],
      ['CONSTRAINTS_CHANGED', 'FIELD', 'Order.b', undefined, { oneof: 'kind' }],
      ['ADDED', 'ONEOF', 'Order.kind', undefined, 'kind'],
    ],
  ],
  [
    'what is inside a message',
    'message Order { enum State { OPEN = 0; } message Line { int32 n = 1; } }',
    'message Order { enum State { OPEN = 0; PAID = 1; } message Line { int64 n = 1; } }',
    [
      ['TYPE_CHANGED', 'FIELD', 'Order.Line.n', 'int32', 'int64'],
      ['ADDED', 'SYMBOL', 'Order.State.PAID', undefined, 'PAID'],
    ],
  ],
  [
    'a package, an import and a method',
    'package shop; message A {} message B {} service Orders { rpc Get(A) returns (B); }',
    'package shop.v1; import "google/type/date.proto"; message A {} message B {} service Orders { rpc Get(A) returns (stream B); }',
    [
      ['RENAMED', 'PACKAGE', 'shop.v1', 'shop', 'shop.v1'],
      ['ADDED', 'IMPORT', 'google/type/date.proto', undefined, 'plain'],
      ['TYPE_CHANGED', 'METHOD', 'Orders.Get', 'shop.A -> shop.B', 'shop.v1.A -> stream shop.v1.B'],
    ],
  ],
])('the changelog of Protobuf tells %s', (_what, before, after, expected) => {
  const file = (text: string) => described('PROTOBUF', `syntax = "proto3"; ${text}`);
  const changes = diffSchemas(file(before), file(after), harmless);
  expect(brief(changes)).toEqual(expected);
});

test.each<[string, object, object, unknown[][]]>([
  [
    'a property added and demanded',
    { properties: { id: { type: 'integer' } } },
    { properties: { id: { type: 'integer' }, email: { type: 'string' } }, required: ['id'] },
    [
      ['REQUIRED_CHANGED', 'FIELD', 'id', undefined, true],
      ['ADDED', 'FIELD', 'email', undefined, 'string'],
    ],
  ],
  [
    'a bound, a value and a content model',
    { properties: { n: { maximum: 5 }, s: { enum: ['a'] } } },
    { additionalProperties: false, properties: { n: { maximum: 9 }, s: { enum: ['a', 'b'] } } },
    [
      ['CONSTRAINTS_CHANGED', 'SCHEMA', '', undefined, { additionalProperties: false }],
      ['CONSTRAINTS_CHANGED', 'FIELD', 'n', { maximum: 5 }, { maximum: 9 }],
      ['ADDED', 'SYMBOL', 's.b', undefined, 'b'],
    ],
  ],
  [
    'what is under a definition, in items and in a branch',
    { $defs: { Line: { items: { type: 'string' } } }, anyOf: [{ type: 'null' }] },
    { $defs: { Line: { items: { type: 'number' } } }, anyOf: [{ type: 'boolean' }] },
    [
      ['TYPE_CHANGED', 'SUBSCHEMA', 'Line.items', 'string', 'number'],
      ['TYPE_CHANGED', 'SUBSCHEMA', 'anyOf 0', 'null', 'boolean'],
    ],
  ],
])('the changelog of JSON Schema tells %s', (_what, before, after, expected) => {
  const changes = diffSchemas(described('JSON', before), described('JSON', after), harmless);
  expect(brief(changes)).toEqual(expected);
});

test('labels, class and retention stand in the changelog beside the shape', () => {
  const before = described('AVRO', order([email]), { tags: { email: ['gdpr'] }, dataClass: 'internal' });
  const after = described('AVRO', order([email]), {
    tags: { email: ['pii'] },
    dataClass: 'confidential',
    retention: 'P90D',
  });
  expect(brief(diffSchemas(before, after, harmless))).toEqual([
    ['TAG_ADDED', 'GOVERNANCE', 'email', undefined, 'pii'],
    ['TAG_REMOVED', 'GOVERNANCE', 'email', 'gdpr', undefined],
    ['DATA_CLASS_CHANGED', 'GOVERNANCE', '', 'internal', 'confidential'],
    ['RETENTION_CHANGED', 'GOVERNANCE', '', undefined, 'P90D'],
  ]);
});

test('what is handed in beside the text is told, too', () => {
  const before = described('AVRO', order([id]));
  const reference = { name: 'shop.Line', subject: 'lines', version: 2 };
  const after = { ...before, source: { ...before.source, references: [reference], metadata: { a: 1 } } };
  expect(brief(diffSchemas(before, after, harmless))).toEqual([
    ['ADDED', 'REFERENCE', 'shop.Line', undefined, 'lines version 2'],
    ['ADDED', 'SCHEMA', 'metadata', undefined, 'metadata'],
  ]);
});

test('another format is one change, not a thousand', () => {
  const changes = diffSchemas(described('AVRO', order([id])), described('JSON', {}), harmless);
  expect(brief(changes)).toEqual([['TYPE_CHANGED', 'SCHEMA', '', 'AVRO', 'JSON']]);
});

test('a change says whom it breaks, wherever the type that changed is used', () => {
  const line = (type: string): object => ({ type: 'record', name: 'Line', fields: [{ name: 'n', type }] });
  const schema = (type: string, extra: object[]): object =>
    order([
      { name: 'first', type: line(type) },
      { name: 'others', type: { type: 'array', items: 'Line' } },
      ...extra,
    ]);
  const [before, after] = [schema('long', []), schema('string', [email])];
  const [old, now] = [described('AVRO', before), described('AVRO', after)];
  const changes = diffSchemas(old, now, breachesBetween(old.schema, now.schema));
  expect(changes.map(({ kind, name, breaks }) => [kind, name, breaks])).toEqual([
    ['ADDED', 'shop.Order.email', ['BACKWARD']],
    ['TYPE_CHANGED', 'shop.Line.n', ['BACKWARD', 'FORWARD']],
  ]);
});

test.each<[string, object, object, string[]]>([
  [
    'a property that is demanded now',
    { properties: { id: { type: 'integer' } } },
    { properties: { id: { type: 'integer' } }, required: ['id'] },
    ['REQUIRED_CHANGED id BACKWARD'],
  ],
  [
    'a type under a definition',
    {
      properties: { to: { $ref: '#/definitions/To' } },
      definitions: { To: { properties: { n: { type: 'string' } } } },
    },
    {
      properties: { to: { $ref: '#/definitions/To' } },
      definitions: { To: { properties: { n: { type: 'integer' } } } },
    },
    ['TYPE_CHANGED To.n BACKWARD,FORWARD'],
  ],
  [
    'a value that an enum lost, and a bound that is wider',
    { properties: { s: { enum: ['a', 'b'] }, n: { type: 'integer', maximum: 5 } } },
    { properties: { s: { enum: ['a'] }, n: { type: 'integer', maximum: 9 } } },
    ['REMOVED s.b BACKWARD', 'CONSTRAINTS_CHANGED n FORWARD'],
  ],
])('a change of a JSON Schema says whom it breaks: %s', (_what, before, after, expected) => {
  const [old, now] = [described('JSON', before), described('JSON', after)];
  const changes = diffSchemas(old, now, breachesBetween(old.schema, now.schema, defaultRules('confluent')));
  expect(changes.map(({ kind, name, breaks }) => `${kind} ${name} ${breaks.join()}`)).toEqual(expected);
});

test('a breach that no change explains stands for itself: it is with an older version', () => {
  const same = described('AVRO', order([id]));
  const breach = { kind: 'TYPE_MISMATCH', path: '/fields/0/type', message: 'reads long' } as const;
  const changes = diffSchemas(same, same, { BACKWARD: [breach], FORWARD: [] });
  expect(changes).toEqual([
    {
      kind: 'BREACH',
      part: 'FIELD',
      name: 'shop.Order.id',
      path: '/fields/0/type',
      breaks: ['BACKWARD'],
      breaches: [{ direction: 'BACKWARD', ...breach }],
    },
  ]);
});
