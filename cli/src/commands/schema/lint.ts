import { writeFileSync } from 'node:fs';
import { Problem } from '@spine/kernel/problem';
import { findingDocument } from '../../schema/check-document.ts';
import { parseCheckOptions, withOptions } from '../../schema/check-options.ts';
import { type FoundSchema, findSchemas, readMapping } from '../../schema/find-schemas.ts';
import type { CheckedFile } from '../../schema/finding.ts';
import { createGitHistory } from '../../schema/git-history.ts';
import { fixFile, type LintFacts, lintFile, parseRules } from '../../schema/lint-file.ts';
import { readWithDependencies } from '../../schema/read-with-dependencies.ts';
import { printsJson, reportChecks } from '../../schema/report-checks.ts';
import { readTextFile, type SchemaFile } from '../../schema/schema-file.ts';
import { terminal } from '../../terminal.ts';
import type { LintOptions } from './lint-options.ts';

/** `spine schema lint`: what the rules have against schemas, without a registry or by one. Answers 10 when there is an error. */
export async function lint(patterns: readonly string[], options: LintOptions): Promise<number> {
  const { url } = options;
  if (url !== undefined) {
    const { lintOnline } = await import('./lint-online.ts');
    const checks = await lintOnline(patterns, { ...options, url });
    return reportChecks(checks, options, 'spine schema lint', { document: lintDocument(checks) });
  }
  const named = await findSchemas(patterns, options.mapping);
  const found = named.map((each) => withOptions(each, options));
  if (options.against !== undefined && found.length > 1) {
    throw new Problem('INPUT_INVALID', `--against is what one file follows, and ${found.length} are named`, {
      fix: 'Call it once for each file, or compare many with their past by --base-ref.',
    });
  }
  const mapped = await readMapping(options.mapping);
  const { references } = parseCheckOptions(options);
  const previousText = previousTexts(options);
  const severities = parseRules(options.rule ?? []);
  const checks = found.map((schema) => {
    const file = readWithDependencies(schema, references, mapped);
    const facts = {
      previous: previousOf(file, previousText(schema.file)),
      stewardship: stewardshipOf(schema),
      severities: { ...schema.lint, ...severities },
    };
    return lintFile(options.fix ? writeFixed(file, facts) : file, facts);
  });
  return reportChecks(checks, options, 'spine schema lint', { document: lintDocument(checks) });

  function writeFixed(file: SchemaFile, facts: LintFacts): SchemaFile {
    const fixed = fixFile(file, facts);
    if (fixed.text === file.text) return file;
    writeFileSync(file.file, fixed.text);
    if (!printsJson(options)) terminal.line(`${terminal.colour.green('fixed')} ${file.file}`);
    return fixed;
  }
}

function lintDocument(checks: readonly CheckedFile[]) {
  return {
    passed: checks.every(({ passed }) => passed),
    results: checks.map(({ file, passed, findings }) => ({
      file: file.file,
      type: file.type,
      passed,
      findings: findings.map(findingDocument),
    })),
  };
}

/** How the text that a file follows is found; undefined where it follows none. */
function previousTexts({ against, baseRef }: LintOptions): (file: string) => string | undefined {
  if (against !== undefined) return () => readTextFile(against);
  if (baseRef === undefined) return () => undefined;
  const history = createGitHistory(baseRef);
  return (file) => history.textAt(file);
}

function previousOf(file: SchemaFile, text: string | undefined): SchemaFile | undefined {
  return text === undefined ? undefined : { ...file, text };
}

/** What the mapping says about the data. A file that it does not map may have told the registry all of it. */
function stewardshipOf({ subject, owner, tags = {}, class: dataClass, retention }: FoundSchema) {
  return subject === undefined ? undefined : { owner, tags, dataClass, retention };
}
