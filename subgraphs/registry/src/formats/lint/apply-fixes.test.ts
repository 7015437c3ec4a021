import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LintFinding, TextEdit } from '../../domain/lint/lint-finding.ts';
import { applyFixes } from './apply-fixes.ts';

const finding = (...edits: TextEdit[]): LintFinding => ({
  rule: 'R',
  severity: 'warning',
  path: '',
  message: '',
  fix: { summary: '', edits },
});
const set = (path: string, value: unknown): LintFinding => finding({ kind: 'SET', path, value });

test.each([
  ['an object on one line', '{ "a": 1 }', [set('/b', null)], '{ "a": 1, "b": null }'],
  ['an object without spaces', '{"a":1}', [set('/b', true)], '{"a":1,"b":true}'],
  ['an object over lines', '{\n\t"a": 1\n}\n', [set('/b', 2)], '{\n\t"a": 1,\n\t"b": 2\n}\n'],
  ['lines as Windows ends them', '{\r\n  "a": 1\r\n}', [set('/b', 2)], '{\r\n  "a": 1,\r\n  "b": 2\r\n}'],
  ['an empty object', '{}', [set('/a', 1)], '{"a": 1}'],
  ['a value that is there', '{"a": [1, 2]}', [set('/a', null)], '{"a": null}'],
  ['an object in an array', '{"f":[{"n":"x"}]}', [set('/f/0/d', null)], '{"f":[{"n":"x","d":null}]}'],
  ['a name with a slash', '{"a/b": {}}', [set('/a~1b/c', 1)], '{"a/b": {"c": 1}}'],
  ['two additions at one place', '{"a":1}', [set('/b', 2), set('/c', 3)], '{"a":1,"b":2,"c":3}'],
  ['a place that is not there', '{"a":1}', [set('/x/y', 2)], '{"a":1}'],
  [
    'two fixes of the same characters',
    'abcdef',
    [
      finding({ kind: 'REPLACE', start: 1, end: 4, text: '-' }),
      finding({ kind: 'REPLACE', start: 3, end: 5, text: '+' }),
      finding({ kind: 'REPLACE', start: 5, end: 6, text: '' }),
    ],
    'a-e',
  ],
])('a fix changes no more than it says: %s', (_what, text, findings, fixed) => {
  expect(applyFixes(text, findings)).toBe(fixed);
});

test('a member set is read back, and nothing else has changed', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }),
      fc.integer({ min: 0, max: 4 }),
      fc.jsonValue(),
      (object, indent, value) => {
        const fixed = applyFixes(JSON.stringify(object, null, indent), [set('/added', value)]);
        expect(JSON.parse(fixed)).toEqual(JSON.parse(JSON.stringify({ ...object, added: value })));
      },
    ),
  );
});
