import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseProtobuf } from '../../formats/protobuf/parse-protobuf.ts';
import { counts, defaultRules } from '../check-rules.ts';
import { findProtobufIncompatibilities } from './find-incompatibilities.ts';

const file = fileURLToPath(
  new URL('../../../../../../shared/vectors/registry/karapace/protobuf-compat.json', import.meta.url),
);

/** Where Karapace and Confluent disagree, the confluent profile is Confluent's. See the decision on Protobuf's profiles. */
const decidedExceptions: Readonly<Record<string, readonly string[]>> = {
  test_compatibility_package: ['PACKAGE_CHANGED'],
  // To Confluent a field with another number is one that went and one that came.
  test_compatibility_field_tag_change: [],
};

describe.skipIf(isAbsent())('the Protobuf cases of Karapace under the confluent profile', () => {
  const shape = z.array(
    z.object({ test: z.string(), previous: z.string(), updated: z.string(), expected: z.string() }),
  );
  const cases = shape.parse(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []);

  test('are all there', () => expect(cases).toHaveLength(9));

  test.each(cases.map((each) => [each.test, each] as const))(
    '%s',
    (name, { previous, updated, expected }) => {
      const [reader, writer] = [parseProtobuf(updated), parseProtobuf(previous)];
      const kinds = findProtobufIncompatibilities(reader, writer, defaultRules('confluent')).map(
        ({ kind }) => kind,
      );
      const exception = decidedExceptions[name];
      if (exception === undefined) expect(kinds.length === 0).toBe(expected === 'COMPATIBLE');
      else expect(kinds).toEqual(exception);
    },
  );

  test('a changed number, which Confluent lets pass, is told by the strict profile', () => {
    const found = cases.find((each) => each.test === 'test_compatibility_field_tag_change');
    const rules = defaultRules('strict');
    const told = findProtobufIncompatibilities(
      parseProtobuf(found?.updated ?? ''),
      parseProtobuf(found?.previous ?? ''),
      rules,
    );
    expect(told.filter((each) => counts(rules, each)).map(({ kind, path }) => [kind, path])).toEqual([
      ['FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED', '/Foo/fields/4'],
    ]);
  });
});

function isAbsent(): boolean {
  if (existsSync(file)) return false;
  process.stderr.write('skipped: ../shared/vectors/registry/karapace/protobuf-compat.json is absent\n');
  return true;
}
