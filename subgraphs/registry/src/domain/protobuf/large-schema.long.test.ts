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

/** One message of twenty thousand fields. */
const wide = (type: string): string => {
  // Numbers from 19000 to 19999 are Protobuf's own.
  const fields = Array.from(
    { length: 20_000 },
    (_, at) => `${type} f${at} = ${at < 18_999 ? at + 1 : at + 1_001};`,
  );
  return `message Wide { ${fields.join('\n')} }`;
};

const schemaOf = (text: string) => parseProtobuf(`syntax = "proto3"; package shop;\n${text}`);

describe.each(['confluent', 'strict'] as const)('under the %s profile', (profile) => {
  test.each([
    ['ten thousand messages', large, 10_000],
    ['twenty thousand fields of one message', wide, 20_000],
  ])('%s are compared within a second of work, even where every one breaks', (_what, textOf, breaches) => {
    const [reader, writer] = [schemaOf(textOf('string')), schemaOf(textOf('int32'))];
    const before = process.cpuUsage();
    const found = findProtobufIncompatibilities(reader, writer, defaultRules(profile));
    const { user, system } = process.cpuUsage(before);
    expect(found).toHaveLength(breaches);
    // Work, not time: a busy machine must not fail it.
    expect((user + system) / 1_000_000).toBeLessThan(1);
  });
});
