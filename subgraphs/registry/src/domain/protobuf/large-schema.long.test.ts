import { describe, expect, test } from 'vitest';
import { parseProtobuf } from '../../formats/protobuf/parse-protobuf.ts';
import { defaultRules } from '../check-rules.ts';
import { findProtobufIncompatibilities } from './find-incompatibilities.ts';

/** Ten thousand messages that use each other. */
const large = (type: string): string =>
  Array.from(
    { length: 10_000 },
    (_, index) =>
      `message M${index} { ${type} a = 1; string b = 2; M${(index * 7) % 10_000} c = 3; oneof o { int32 d = 4; string e = 5; } }`,
  ).join('\n');

const schemaOf = (type: string) => parseProtobuf(`syntax = "proto3"; package shop;\n${large(type)}`);

describe.each(['confluent', 'strict'] as const)(
  'a file of ten thousand messages under the %s profile',
  (profile) => {
    test('is compared within a second of work, even where every message breaks', () => {
      const [reader, writer] = [schemaOf('string'), schemaOf('int32')];
      const before = process.cpuUsage();
      const found = findProtobufIncompatibilities(reader, writer, defaultRules(profile));
      const { user, system } = process.cpuUsage(before);
      expect(found).toHaveLength(10_000);
      // Work, not time: a busy machine must not fail it.
      expect((user + system) / 1_000_000).toBeLessThan(1);
    });
  },
);
