import type { Problem } from '@spine/kernel/problem';
import type { SpineClient } from '../client/spine-client.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { faultFinding } from './fault-finding.ts';
import type { CheckedFile, Finding } from './finding.ts';
import { placeOf } from './place.ts';
import { type RegistryLintFinding, refusalDetails } from './registry-answers.ts';
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
    const isUnderstated = problem.code === 'VERSION_UNDERSTATED';
    const found = isUnderstated ? [faultFinding(file, problem), ...checked.findings] : checked.findings;
    return { ...checked, ...shared, semver: requiredVersion, findings: found };
  }
  const told: Finding[] = [
    ...findings.map((finding) => foundByRegistry(file, finding)),
    ...missing.map(({ message }) => ({ ...faultFinding(file, problem), message })),
  ];
  if (told.length === 0) told.push(faultFinding(file, problem));
  return { file, subject, against: [], ...shared, findings: told, affected: [] };
}

/** What a registry's lint found, at its place in the file. */
export function foundByRegistry(file: SchemaFile, finding: RegistryLintFinding): Finding {
  const { rule, severity, path, message, fix } = finding;
  const next = fix === undefined ? {} : { next: fix.summary };
  return { rule, severity, path, message, source: file, place: placeOf(file, path), ...next };
}
