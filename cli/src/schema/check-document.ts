import type { CheckedFile, Finding } from './finding.ts';

/** What `--json` prints of checks: one document, whatever the number of files. */
export function checkDocument(checks: readonly CheckedFile[]): object {
  const bumps = ['PATCH', 'MINOR', 'MAJOR'].filter((bump) => checks.some((check) => check.bump === bump));
  return {
    passed: checks.every((check) => check.passed),
    // Null where not all could be compared.
    compatible: checks.some((check) => check.compatible === false)
      ? false
      : checks.every((check) => check.compatible === true) || null,
    level: same(checks.map((check) => check.level)),
    profile: same(checks.map((check) => check.profile)),
    // The greatest of all files; null where nothing has changed.
    bump: bumps.at(-1) ?? null,
    results: checks.map((check) => ({
      file: check.file.file,
      type: check.file.type,
      subject: check.subject ?? null,
      passed: check.passed,
      compatible: check.compatible ?? null,
      level: check.level ?? null,
      profile: check.profile ?? null,
      against: check.against,
      bump: check.bump ?? null,
      ...(check.semver !== undefined && { semver: check.semver }),
      incompatibilities: check.findings
        .filter(({ severity, direction }) => severity === 'error' && direction !== undefined)
        .map(findingDocument),
      // Decides nothing: what the level, or its axes, do not ask about.
      advice: check.findings.filter(({ severity }) => severity === 'note').map(findingDocument),
      faults: check.findings
        .filter(({ severity, direction }) => severity !== 'note' && direction === undefined)
        .map(findingDocument),
      affected: check.affected,
    })),
  };
}

/** A finding for machines. */
export function findingDocument(finding: Finding): object {
  const { rule, severity, path, message, direction, against, axis, witness, source, place, next } = finding;
  return {
    kind: rule,
    severity,
    path,
    message,
    ...(direction !== undefined && { direction, against }),
    ...(axis !== undefined && { axis }),
    ...(witness !== undefined && { witness }),
    file: source.file,
    line: place.line,
    column: place.column,
    endLine: place.endLine,
    endColumn: place.endColumn,
    ...(next !== undefined && { next }),
  };
}

function same<T>(values: readonly (T | undefined)[]): T | null {
  const [first] = values;
  return first !== undefined && values.every((value) => value === first) ? first : null;
}
