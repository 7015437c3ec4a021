import { Problem } from '@spine/kernel/problem';
import { fixText, lintSchema, type OfflineLintFinding } from '@spine/registry/offline';
import { exitCodes } from '../exit-codes.ts';
import { findFaults } from './compare-files.ts';
import type { CheckedFile, Finding } from './finding.ts';
import { placeOf } from './place.ts';
import type { SchemaFile } from './schema-file.ts';

/** What lint is told about a file beside its text. */
export type LintFacts = Parameters<typeof lintSchema>[1];

/** Lints a file. One that is no schema has that as its finding. */
export function lintFile(file: SchemaFile, facts: LintFacts): CheckedFile {
  const shared = { file, against: [], affected: [] };
  const faults = findFaults(file);
  if (faults.length > 0) return { ...shared, passed: false, exitCode: exitCodes.badUsage, findings: faults };
  const found = lintSchema(file, facts);
  const passed = found.every(({ severity }) => severity !== 'error');
  const findings = found.map((each) => lintFinding(file, each));
  return { ...shared, passed, exitCode: passed ? exitCodes.good : exitCodes.lint, findings };
}

/** The file with everything put right that lint knows how to: one fix may make room for another. */
export function fixFile(file: SchemaFile, facts: LintFacts): SchemaFile {
  let fixed = file;
  for (let round = 0; round < 10; round += 1) {
    if (findFaults(fixed).length > 0) return fixed;
    const text = fixText(fixed.text, lintSchema(fixed, facts));
    if (text === fixed.text) return fixed;
    fixed = { ...fixed, text };
  }
  return fixed;
}

/** Reads RULE=SEVERITY, several times. Throws INPUT_INVALID. */
export function parseRules(rules: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    rules.map((text) => {
      const [rule, severity, ...more] = text.split('=');
      if (rule && severity && more.length === 0) return [rule, severity];
      throw new Problem('INPUT_INVALID', `--rule ${text}: it sets no severity`, {
        fix: 'Give RULE=error, RULE=warning or RULE=off; docs/lint-rules.md lists the rules.',
      });
    }),
  );
}

function lintFinding(source: SchemaFile, finding: OfflineLintFinding): Finding {
  const { rule, severity, path, message, fix } = finding;
  return {
    rule,
    severity,
    path,
    message,
    source,
    place: placeOf(source, path),
    ...(fix !== undefined && { next: `${fix.summary} (--fix does it)` }),
  };
}
