import { type CheckedFile, type Finding, witnessText } from './finding.ts';
import { headline } from './print-checks.ts';

/** Checks as JUnit XML: a suite for a file, a case for each finding, or one that passes. Notes are left out. */
export function junitReport(checks: readonly CheckedFile[], command: string): string {
  const suites = checks.map((check) => suiteOf(check, command));
  const sum = (key: 'tests' | 'failures' | 'errors') =>
    suites.reduce((total, suite) => total + suite[key], 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeXml(command)}" tests="${sum('tests')}" failures="${sum('failures')}" errors="${sum('errors')}">`,
    ...suites.map((suite) => suite.xml),
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteOf(check: CheckedFile, command: string) {
  const { file } = check.file;
  const told = check.findings.filter(({ severity }) => severity !== 'note');
  // A breach is a failure; a file that nothing could be said about an error.
  const isFault = ({ rule, direction }: Finding) => direction === undefined && rule.startsWith('SCHEMA_');
  const errors = told.filter((finding) => finding.severity === 'error' && isFault(finding)).length;
  const failures = told.filter((finding) => finding.severity === 'error' && !isFault(finding)).length;
  const caseOf = (name: string, inside: string) =>
    `    <testcase classname="${escapeXml(command)}" name="${escapeXml(name)}" file="${escapeXml(file)}" time="0">${inside}</testcase>`;
  const cases = told.map((finding) => {
    const name = `${finding.rule} at ${finding.path || 'the root'}${finding.direction === undefined ? '' : ` (${finding.direction})`}`;
    const tag = finding.severity === 'warning' ? 'system-out' : isFault(finding) ? 'error' : 'failure';
    const attributes =
      tag === 'system-out'
        ? ''
        : ` type="${escapeXml(finding.rule)}" message="${escapeXml(finding.message)}"`;
    return caseOf(name, `<${tag}${attributes}>${escapeXml(textOf(finding))}</${tag}>`);
  });
  if (errors + failures === 0) cases.unshift(caseOf(`${file} ${headline(check)}`, ''));
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}"`;
  return {
    tests: cases.length,
    failures,
    errors,
    xml: [`  <testsuite name="${escapeXml(file)}" ${counts} time="0">`, ...cases, '  </testsuite>'].join(
      '\n',
    ),
  };
}

function textOf(finding: Finding): string {
  const { source, place, message, against, next } = finding;
  const witness = witnessText(finding);
  return [
    `${source.file}:${place.line}:${place.column} ${message}`,
    ...(against === undefined ? [] : [`against: ${against.join(', ')}`]),
    ...(witness === undefined ? [] : [`for example: ${witness}`]),
    ...(next === undefined ? [] : [`next: ${next}`]),
  ].join('\n');
}

/** Text as XML takes it: what no XML 1.0 document may hold is replaced. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
