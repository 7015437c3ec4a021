import { expect, test } from 'vitest';
import { breachesBetween, described } from '../changelog/changelog-builder.ts';
import { diffSchemas } from '../changelog/diff-schemas.ts';
import type { SchemaType } from '../schema-type.ts';
import { lint } from './lint.ts';
import { read } from './lint-builder.ts';

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const fields = (count: number, type: string) =>
  times(count, (index) => ({ name: `email_${index}`, type: ['null', type], default: 1 }));

const large: readonly (readonly [SchemaType, string, string])[] = [
  ['AVRO', JSON.stringify({ type: 'record', name: 'Wide', fields: fields(9_000, 'int') }), 'of many fields'],
  [
    'AVRO',
    JSON.stringify(
      times(2_000, (index) => ({ type: 'record', name: `R${index}`, fields: fields(3, 'int') })),
    ),
    'of many records',
  ],
  [
    'JSON',
    JSON.stringify({
      properties: Object.fromEntries(times(5_000, (index) => [`p${index}`, { pattern: `(?i)${index}` }])),
      required: times(5_000, (index) => `q${index}`),
    }),
    'of many properties',
  ],
  ['JSON', `${'{"items":'.repeat(200)}{}${'}'.repeat(200)}`, 'of great depth'],
  [
    'JSON',
    JSON.stringify({ type: 'string', pattern: '(a*'.repeat(600) + ')'.repeat(600) }),
    'with one hard pattern',
  ],
  [
    'PROTOBUF',
    `syntax = "proto3"; ${times(1_500, (index) => `message m${index} { string Email = 1 [deprecated = true]; }`).join('\n')}`,
    'of many messages',
  ],
  ['PROTOBUF', `syntax = "proto3"; message A { ${'/* '.repeat(20_000)}*/ }`, 'with comments in comments'],
];

test.each(large)('lint of a schema of %s ends soon: %#', (type, text) => {
  const schema = read(type, text);
  const start = process.cpuUsage();
  const findings = lint({ ...schema, previous: schema });
  expect(millisecondsSince(start)).toBeLessThan(1_000);
  expect(findings.length).toBeLessThanOrEqual(1_000);
});

test('a changelog of thousands of changes and breaches ends soon', () => {
  const wide = (type: string) => ({ type: 'record', name: 'Wide', fields: fields(2_000, type) });
  const [before, after] = [wide('int'), { ...wide('long'), name: 'Wider' }];
  const [old, now] = [described('AVRO', before), described('AVRO', after)];
  const breaches = breachesBetween(old.schema, now.schema);
  const start = process.cpuUsage();
  const changes = diffSchemas(old, now, breaches);
  expect(millisecondsSince(start)).toBeLessThan(1_000);
  expect(changes.length).toBeGreaterThanOrEqual(2_000);
});

/** Of this process: what others do with the machine does not count. */
function millisecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}
