import { exitCodes } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { codeFrame } from './code-frame.ts';
import { type AffectedUser, type CheckedFile, type Finding, witnessText } from './finding.ts';

/** Tells people what checks found: a line for a file, a frame for a finding, and what to do next. */
export function printChecks(terminal: Terminal, checks: readonly CheckedFile[]): void {
  for (const check of checks) printCheck(terminal, check);
  if (checks.length < 2) return;
  const failed = checks.filter((check) => !check.passed).length;
  const { red, green } = terminal.colour;
  terminal.line(
    failed === 0 ? green(`${checks.length} files pass`) : red(`${failed} of ${checks.length} files fail`),
  );
}

function printCheck(terminal: Terminal, check: CheckedFile): void {
  const { colour } = terminal;
  const mark = check.passed ? colour.green('✓') : colour.red('✗');
  terminal.line(`${mark} ${colour.bold(check.file.file)} ${headline(check)}`);
  for (const finding of check.findings) {
    if (finding.severity !== 'note') printFinding(terminal, finding);
  }
  if (check.findings.some(({ severity }) => severity !== 'note')) terminal.line();
  for (const user of check.affected) terminal.line(`  ${colour.yellow('breaks')} ${describeUser(user)}`);
  const notes = check.findings.filter((finding) => finding.severity === 'note').length;
  if (notes > 0) {
    const why =
      check.passed && check.compatible === false
        ? 'that a new major version may bring'
        : `more that ${check.level ?? 'the check'} does not ask about`;
    terminal.line(colour.dim(`  ${notes} ${why}; --json lists all`));
  }
}

/** What a check says of its file, in a line. */
export function headline(check: CheckedFile): string {
  const { level, against, subject, semver, findings } = check;
  const bump = check.bump === null || check.bump === undefined ? '' : `; the change is ${check.bump}`;
  const number =
    semver === undefined ? '' : check.passed ? `, which makes ${semver}` : `, which needs ${semver}`;
  const at = subject === undefined ? '' : ` of ${subject}`;
  const before = against.length === 0 ? '' : ` against ${against.join(', ')}`;
  if (check.exitCode === exitCodes.badUsage) return 'cannot be checked';
  if (level === undefined) return countText(findings);
  if (against.length === 0 && subject === undefined) return 'is a valid schema, with nothing before it';
  return `${check.compatible === false ? 'breaks' : 'keeps'} ${level}${at}${before}${bump}${number}`;
}

function countText(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity'], word: string): string => {
    const { length } = findings.filter((finding) => finding.severity === severity);
    return length === 1 ? `one ${word}` : `${length || 'no'} ${word}s`;
  };
  return `${count('error', 'error')}, ${count('warning', 'warning')}`;
}

/** A finding with its place, frame, witness and next step. */
export function printFinding({ line, colour }: Terminal, finding: Finding): void {
  const { source, place, severity, rule, axis, direction, message, path, next } = finding;
  const paint = severity === 'error' ? colour.red : colour.yellow;
  line();
  line(
    `  ${colour.cyan(`${source.file}:${place.line}:${place.column}`)} ${paint([rule, axis].filter(Boolean).join(' '))} ${colour.dim(path)}`,
  );
  line(`  ${describe(finding)}${message}`);
  // What concerns the whole file has no line to look at.
  const isWhole = path === '' && direction === undefined && !rule.startsWith('SCHEMA_');
  if (!isWhole) line(indent(codeFrame(source.text, place, colour)));
  const witness = witnessText(finding);
  if (witness !== undefined) line(`  ${colour.bold('for example:')} ${witness}`);
  if (next !== undefined) line(`  ${colour.bold('next:')} ${next}`);
}

/** A user of a subject and why they break, in a line. */
export function describeUser({ role, name, version, contact, why }: AffectedUser): string {
  const whom = contact === null ? '' : ` (${contact})`;
  return `${role.toLowerCase()} ${name}${whom}, which uses version ${version}: ${why}`;
}

function describe({ direction, against }: Finding): string {
  if (direction === undefined || against === undefined) return '';
  const old = against.length === 0 ? 'the old schema' : against.join(', ');
  return direction === 'BACKWARD' ? `does not read data of ${old}: ` : `new data cannot be read by ${old}: `;
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
