import type { Problem } from '@spine/kernel/problem';
import type { SpineClient } from '../client/spine-client.ts';
import { exitCodeOf } from '../exit-codes.ts';
import type { CheckedFile, Finding } from './finding.ts';
import { placeOf, placeOfFault } from './place.ts';
import { refusalDetails } from './registry-answers.ts';
import { checkedByReport } from './registry-check.ts';
import type { SchemaFile } from './schema-file.ts';

/** A refusal as what was found about the file: its breaches, what lint found, what the inventory misses, or its message. */
export async function checkedByProblem(
  client: SpineClient,
  file: SchemaFile,
  subject: string,
  problem: Problem,
): Promise<CheckedFile> {
  const shared = { passed: false, exitCode: exitCodeOf(problem.code) };
  const details = refusalDetails.safeParse(problem.extensions);
  const { report, requiredVersion, findings = [], missing = [] } = details.success ? details.data : {};
  if (report !== undefined) {
    const checked = await checkedByReport(client, file, subject, report);
    return { ...checked, ...shared, semver: requiredVersion };
  }
  const told: Finding[] = [
    ...findings.map(({ rule, severity, path, message, fix }) => {
      const next = fix === undefined ? {} : { next: fix.summary };
      return { rule, severity, path, message, source: file, place: placeOf(file, path), ...next };
    }),
    ...missing.map(({ fieldPath, message }) => wholeFinding(file, problem, message, fieldPath)),
  ];
  if (told.length === 0) told.push(wholeFinding(file, problem, problem.message, problem.path ?? ''));
  return { file, subject, against: [], ...shared, findings: told, affected: [] };
}

function wholeFinding(source: SchemaFile, { code, fix }: Problem, message: string, path: string): Finding {
  return {
    rule: code,
    severity: 'error',
    path,
    message,
    source,
    place: placeOfFault(source.text, code === 'SCHEMA_INVALID' ? path : ''),
    ...(fix !== undefined && { next: fix }),
  };
}
