import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Problem } from '@spine/kernel/problem';
import { exitCodes } from '../exit-codes.ts';
import { terminal } from '../terminal.ts';
import { checkDocument } from './check-document.ts';
import type { CheckedFile } from './finding.ts';
import { githubAnnotations } from './github-annotations.ts';
import { junitReport } from './junit.ts';
import { printChecks } from './print-checks.ts';
import { sarifLog } from './sarif.ts';

/** Where results go beside the terminal. */
export interface ReportOptions {
  readonly json?: boolean;
  /** How to print: text, json as `--json` does, or github. */
  readonly format?: string;
  readonly junit?: string;
  readonly sarif?: string;
}

interface ReportedParts {
  /** What `--json` prints. */
  readonly document?: object;
  /** Those that people are told about. */
  readonly printed?: readonly CheckedFile[];
}

/** Tells what checks found, in every form that was asked for. Answers the exit code: unreadable input before breaches. */
export function reportChecks(
  checks: readonly CheckedFile[],
  options: ReportOptions,
  command: string,
  { document = checkDocument(checks), printed = checks }: ReportedParts = {},
): number {
  writeReports(checks, options, command);
  if (printsJson(options)) terminal.json(document);
  else if (options.format === 'github') githubAnnotations(printed).forEach(terminal.line);
  else printChecks(terminal, printed);
  const codes = checks.map((check) => check.exitCode);
  return (
    [exitCodes.badUsage, exitCodes.environment].find((code) => codes.includes(code)) ?? Math.max(0, ...codes)
  );
}

/** Whether stdout is for one JSON document and nothing else. */
export function printsJson({ json, format }: ReportOptions): boolean {
  return json === true || format === 'json';
}

/** Writes the files that CI systems read. */
function writeReports(
  checks: readonly CheckedFile[],
  { junit, sarif }: ReportOptions,
  command: string,
): void {
  if (junit !== undefined) writeReport(junit, junitReport(checks, command));
  if (sarif !== undefined) writeReport(sarif, `${JSON.stringify(sarifLog(checks, command), null, 2)}\n`);
}

function writeReport(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (cause) {
    throw new Problem('INPUT_INVALID', `${file} cannot be written`, {
      fix: 'Name a file in a folder of yours.',
      cause,
    });
  }
}
