import { expect, test } from 'vitest';
import { parseProtobuf } from '../../formats/protobuf/parse-protobuf.ts';
import { richProto3, richReferences } from '../../formats/protobuf/rich-proto-model.ts';
import { listProtobufFields } from './list-fields.ts';

test('fields of the first message have paths and types for people, those inside behind them', () => {
  const fields = listProtobufFields(parseProtobuf(richProto3, richReferences));
  expect(fields.map(({ path, type }) => `${path}: ${type}`)).toEqual([
    'id: int64',
    'email: string?',
    'lines: Line[]',
    'lines[].sku: string',
    'lines[].unit: Unit (enum)',
    'totals: map<string, Money>',
    'totals{}.currency: string',
    'totals{}.cents: sint64',
    'card: Card?',
    'card.pan: string',
    'card.unit: Unit (enum)',
    'iban: string?',
    'marks: int32[]',
    'at: Timestamp?',
    'status: Status (enum)',
  ]);
});

test('a message beside the first that it does not use has its name before its paths', () => {
  const schema = parseProtobuf(
    'syntax = "proto3"; message Placed { int64 id = 1; } message Paid { int64 id = 1; }',
  );
  expect(listProtobufFields(schema).map(({ path }) => path)).toEqual(['id', 'Paid.id']);
});

test('a message inside itself is listed once', () => {
  const schema = parseProtobuf('syntax = "proto3"; message Tree { Tree left = 1; int32 value = 2; }');
  expect(listProtobufFields(schema).map(({ path }) => path)).toEqual(['left', 'value']);
});

test('messages that multiply end somewhere', () => {
  const levels = Array.from(
    { length: 40 },
    (_, index) => `message M${index} { M${index + 1} a = 1; M${index + 1} b = 2; }`,
  );
  const schema = parseProtobuf(`syntax = "proto3"; ${levels.join(' ')} message M40 {}`);
  expect(listProtobufFields(schema).length).toBeLessThanOrEqual(2_000);
});
