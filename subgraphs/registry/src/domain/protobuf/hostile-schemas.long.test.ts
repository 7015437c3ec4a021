import { Problem } from '@spine/kernel/problem';
import { describe, expect, test } from 'vitest';
import { parseProtobuf } from '../../formats/protobuf/parse-protobuf.ts';
import { defaultRules, profiles } from '../check-rules.ts';
import { protobufCanonicalForm } from './canonical-form.ts';
import { findProtobufIncompatibilities } from './find-incompatibilities.ts';
import { listProtobufFields } from './list-fields.ts';

/** In ms of work: the answer, or a refusal with one of these codes. Twice what a caller is kept waiting, for slow machines. */
const limit = 2_000;
const refusals = ['SCHEMA_INVALID', 'SCHEMA_TOO_COMPLEX'];

const repeat = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(' ');

/** Two texts of one shape that differ in a type. */
type Hostile = readonly [what: string, bodyOf: (type: 'string' | 'int32') => string];

const hostile: readonly Hostile[] = [
  [
    'messages nested a hundred thousand times',
    (type) => `${'message M { '.repeat(100_000)} ${type} a = 1; ${'}'.repeat(100_000)}`,
  ],
  [
    'an option nested fifty thousand times',
    () => `option (a) = ${'{a:'.repeat(50_000)}1${'}'.repeat(50_000)};`,
  ],
  [
    'an enum of fifty thousand values',
    (type) => `enum E { ${repeat(50_000, (i) => `${type}_${i} = ${i};`)} } message A { E e = 1; }`,
  ],
  [
    'five thousand oneofs',
    (type) => `message A { ${repeat(5_000, (i) => `oneof o${i} { ${type} f${i} = ${i + 1}; }`)} }`,
  ],
  [
    'a oneof of fifteen thousand members',
    (type) => `message A { oneof o { ${repeat(15_000, (i) => `${type} f${i} = ${i + 1};`)} } }`,
  ],
  [
    'nine thousand reserved numbers',
    (type) => `message A { ${repeat(9_000, (i) => `reserved ${i * 2 + 1};`)} ${type} a = 536870911; }`,
  ],
  [
    'three thousand messages in a circle, each with one of a name that all share',
    (type) =>
      repeat(
        3_000,
        (i) => `message M${i} { message N { ${type} a = 1; } N n = 1; M${(i + 1) % 3_000} m = 2; }`,
      ),
  ],
  [
    'five thousand types that are looked up through thirty scopes',
    (type) =>
      `${repeat(30, (i) => `message S${i} {`)} message Z { ${repeat(5_000, (i) => `X f${i} = ${i + 1};`)} } ${'}'.repeat(30)} message X { ${type} a = 1; }`,
  ],
  [
    'ten thousand maps',
    (type) => `message A { ${repeat(10_000, (i) => `map<string, ${type}> f${i} = ${i + 1};`)} }`,
  ],
  [
    'ten thousand calls',
    (type) =>
      `message string_ {} message int32_ {} service S { ${repeat(10_000, (i) => `rpc R${i}(${type}_) returns (string_);`)} }`,
  ],
  ['a comment without an end', () => '/*'.repeat(300_000)],
  ['a text without an end', () => `option a = "${'\\"'.repeat(300_000)}`],
  ['half a million semicolons', (type) => `${';'.repeat(500_000)} message A { ${type} a = 1; }`],
  ['a name of half a million letters', () => `message ${'A'.repeat(500_000)} {}`],
];

describe.each(profiles)('under %s', (profile) => {
  test.each(hostile)(
    '%s is answered or refused within a second of work',
    { timeout: 60_000 },
    (_what, bodyOf) => {
      const parse = (type: 'string' | 'int32') => parseProtobuf(`syntax = "proto3"; ${bodyOf(type)}`);
      const read = measure(() => parse('string'));
      const written = measure(() => parse('int32'));
      expect(read.took).toBeLessThan(limit);
      expect(written.took).toBeLessThan(limit);
      const [reader, writer] = [read.value, written.value];
      if (reader === undefined || writer === undefined) return;
      const forms = measure(() => [protobufCanonicalForm(reader), listProtobufFields(reader)]);
      expect(forms.took).toBeLessThan(limit);
      const rules = { ...defaultRules(profile), axes: ['WIRE', 'JSON', 'SOURCE'] as const };
      expect(measure(() => findProtobufIncompatibilities(reader, writer, rules)).took).toBeLessThan(limit);
    },
  );
});

/** Processor time in ms, which does not depend on what else the machine is doing. No value where it was refused. */
function measure<T>(run: () => T): { readonly took: number; readonly value?: T } {
  const start = process.cpuUsage();
  const took = (): number => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000;
  };
  try {
    const value = run();
    return { took: took(), value };
  } catch (error) {
    if (!(error instanceof Problem) || !refusals.includes(error.code)) throw error;
    return { took: took() };
  }
}
