import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { applyFixes } from '../../formats/lint/apply-fixes.ts';
import type { SchemaType } from '../schema-type.ts';
import { findingsOf, read } from './lint-builder.ts';
import type { LintInput } from './lint-input.ts';
import { lintRules } from './lint-rules.ts';

const page = readFileSync(new URL('../../../../../docs/lint-rules.md', import.meta.url), 'utf8');
const sections = page.split(/^### /m).slice(1).map(readSection);

test('the page lists every rule with the severity and the sentence that it has, in the same order (R6)', () => {
  expect(sections.map(({ id, severity, summary }) => [id, severity, summary])).toEqual(
    lintRules.map(({ id, severity, summary }) => [id, severity, summary]),
  );
});

test('no two rules share an id', () => {
  expect(new Set(lintRules.map(({ id }) => id)).size).toBe(lintRules.length);
});

test.each(sections.map((section) => [section.id, section] as const))(
  'the example of %s breaks the rule before and keeps it after',
  (id, section) => {
    const found = findingsOf(id, section.before);
    expect(found).not.toEqual([]);
    expect(found.every(({ message }) => message.length > 10)).toBe(true);
    expect(findingsOf(id, section.after)).toEqual([]);
  },
);

test.each(sections.filter(({ isFixable }) => isFixable).map((section) => [section.id, section] as const))(
  'the fix of %s makes of the example before what stands after it',
  (id, { before, after }) => {
    expect(applyFixes(before.source.text, findingsOf(id, before))).toBe(after.source.text);
  },
);

test('a rule that the page does not call fixable offers no fix', () => {
  const others = sections.filter(({ isFixable }) => !isFixable);
  expect(
    others.filter(({ id, before }) => findingsOf(id, before).some(({ fix }) => fix)).map(({ id }) => id),
  ).toEqual([]);
});

const bufRules = fileURLToPath(
  new URL('../../../../../../shared/vectors/registry/buf/lint-rules-v2.json', import.meta.url),
);

test.skipIf(!existsSync(bufRules))(
  'each rule of buf is here under its id, or the page says why it is not',
  () => {
    const rules = z
      .array(z.object({ id: z.string(), default: z.boolean() }))
      .parse(JSON.parse(readFileSync(bufRules, 'utf8')));
    expect(rules.filter((rule) => rule.default).length).toBeGreaterThan(30);
    const here = new Set(lintRules.filter(({ format }) => format === 'PROTOBUF').map(({ id }) => id));
    const absent = rules.map(({ id }) => id).filter((id) => !here.has(id));
    expect(absent.sort()).toEqual([
      'DIRECTORY_SAME_PACKAGE',
      'FILE_LOWER_SNAKE_CASE',
      'PACKAGE_DIRECTORY_MATCH',
      'PACKAGE_SAME_DIRECTORY',
      'PROTOVALIDATE',
    ]);
    for (const id of absent) expect(page).toContain(`\`${id}\``);
  },
);

interface Section {
  readonly id: string;
  readonly severity: string;
  readonly isFixable: boolean;
  readonly summary: string;
  readonly before: LintInput;
  readonly after: LintInput;
}

function readSection(section: string): Section {
  const [, id = '', severity = '', fixable, summary = ''] =
    /^(\w+) \((\w+)(, fixable)?\)\n\n(.+)\n/.exec(section) ?? [];
  const blocks = new Map(
    [...section.matchAll(/^```\w+ (.+)\n([\s\S]*?)\n```$/gm)].map(([, what = '', text = '']) => [what, text]),
  );
  const format = lintRules.find((rule) => rule.id === id)?.format ?? 'ANY';
  const type: SchemaType = format === 'ANY' ? 'AVRO' : format;
  const dependencies = [...blocks]
    .filter(([what]) => what.startsWith('file '))
    .map(([what, text]) => ({ name: what.slice('file '.length), text }));
  const previous = blocks.get('previous');
  const inputOf = (text: string | undefined, when: string): LintInput => ({
    ...read(type, text ?? '', dependencies.toReversed()),
    previous: previous === undefined ? undefined : read(type, previous),
    stewardship: stewardshipOf(blocks.get(`stewardship ${when}`)),
  });
  const before = blocks.get('before');
  return {
    id,
    severity,
    isFixable: fixable !== undefined,
    summary,
    before: inputOf(before, 'before'),
    after: inputOf(blocks.get('after') ?? before, 'after'),
  };
}

function stewardshipOf(text: string | undefined): LintInput['stewardship'] {
  if (text === undefined) return undefined;
  const shape = z.object({
    owner: z.string().optional(),
    dataClass: z.literal('confidential').optional(),
    retention: z.string().optional(),
    tags: z.record(z.string(), z.array(z.string())).default({}),
  });
  return shape.parse(JSON.parse(text));
}
