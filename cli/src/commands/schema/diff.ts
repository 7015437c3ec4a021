import { Problem } from '@spine/kernel/problem';
import { diffTexts } from '@spine/registry/offline';
import { createSpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { type CheckOptions, parseCheckOptions, withOptions } from '../../schema/check-options.ts';
import { findFaults } from '../../schema/compare-files.ts';
import { readMapping } from '../../schema/find-schemas.ts';
import { readWithDependencies } from '../../schema/read-with-dependencies.ts';
import { type ChangeEntry, diffAnswer, versionDocument } from '../../schema/registry-answers.ts';
import { reportChecks } from '../../schema/report-checks.ts';
import { printSchemaChanges } from '../../schema/schema-change-text.ts';
import type { SchemaFile } from '../../schema/schema-file.ts';
import { queryOf, subjectPath } from '../../schema/subject-path.ts';
import { terminal } from '../../terminal.ts';

export interface DiffOptions extends CheckOptions {
  readonly json?: boolean;
  readonly from?: string;
  readonly to?: string;
}

/**
 * `spine schema diff`: what changed, and who breaks by it. Between two files offline; between a published version and one
 * file; or between two published versions.
 */
export async function diff(files: readonly string[], options: DiffOptions): Promise<number> {
  const { subject, from, to } = options;
  const [first, second] = files;
  if (files.length > 2 || (files.length < 2 && subject === undefined)) {
    throw new Problem('INPUT_INVALID', 'diff compares two schemas', {
      fix: 'Give OLD and NEW, or --subject with --from, or --subject with the new file.',
    });
  }
  if (first !== undefined && second !== undefined) {
    const [old, now] = [await read(first, options), await read(second, options)];
    return diffFiles(old, now, options);
  }
  const client = createSpineClient(processEnv);
  const name = subject ?? '';
  if (first !== undefined) {
    const path = subjectPath(name, 'versions', from ?? 'latest');
    const { schema, schemaType, semver } = versionDocument.parse(await client.get('registry', path));
    const old = { file: `${name} ${semver}`, type: schemaType, text: schema };
    return diffFiles(old, await read(first, { ...options, type: options.type ?? schemaType }), options);
  }
  if (from === undefined) {
    throw new Problem('INPUT_INVALID', 'diff of a subject needs the version to begin with', {
      fix: 'Give --from VERSION, such as --from 1.0.0; --to is the latest without.',
    });
  }
  const answer = await client.get('registry', `${subjectPath(name, 'diff')}${queryOf({ from, to })}`);
  const found = diffAnswer.parse(answer);
  const titles = [`${name} ${found.from.semver}`, `${name} ${found.to.semver}`];
  return report(titles, found.changes, options);
}

function diffFiles(old: SchemaFile, now: SchemaFile, options: DiffOptions): number {
  const faults = [old, now].flatMap((file) => {
    const findings = findFaults(file);
    const shared = { file, against: [], affected: [], passed: false, exitCode: exitCodes.badUsage };
    return findings.length === 0 ? [] : [{ ...shared, findings }];
  });
  if (faults.length > 0) return reportChecks(faults, options, 'spine schema diff');
  const { profile = 'confluent' } = parseCheckOptions(options);
  return report([old.file, now.file], diffTexts(old, now, profile), options);
}

function report(
  [from, to]: readonly string[],
  changes: readonly ChangeEntry[],
  { json }: DiffOptions,
): number {
  if (json) terminal.json({ from, to, changes });
  else {
    terminal.line(`${from} → ${to}`);
    printSchemaChanges(terminal, changes);
  }
  return exitCodes.good;
}

async function read(file: string, options: DiffOptions): Promise<SchemaFile> {
  const { references } = parseCheckOptions(options);
  return readWithDependencies(withOptions({ file }, options), references, await readMapping(options.mapping));
}
