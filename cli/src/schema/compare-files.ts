import { Problem } from '@spine/kernel/problem';
import {
  checkSchemas,
  type OfflineBreach,
  type OfflineLevel,
  type OfflinePolicy,
  type OfflineProfile,
  readSchema,
} from '@spine/registry/offline';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { breachFinding } from './breach-finding.ts';
import { faultFinding } from './fault-finding.ts';
import { type CheckedFile, type Finding, understatedFinding } from './finding.ts';
import type { SchemaFile } from './schema-file.ts';

/** What counts as a breach. */
export interface CompareTerms {
  readonly level: OfflineLevel;
  readonly profile: OfflineProfile;
  readonly policy?: OfflinePolicy | undefined;
  /** The version of the newest old file. */
  readonly since?: string | undefined;
  /** The version that the file is to have. */
  readonly version?: string | undefined;
}

/** Checks a file against those before it, the newest first, with no registry. A file that is no schema is a finding. */
export function compareFiles(file: SchemaFile, old: readonly SchemaFile[], terms: CompareTerms): CheckedFile {
  const { level, profile } = terms;
  const shared = { file, level, profile, against: old.map((each) => each.file), affected: [] };
  try {
    const invalid = [file, ...old].flatMap(findFaults);
    if (invalid.length > 0) return { ...shared, ...failed(exitCodes.badUsage), findings: invalid };
    const report = checkSchemas({ candidate: file, against: old, ...terms });
    const findingOf = (breach: OfflineBreach, severity: Finding['severity']): Finding => {
      const { against, ...rest } = breach;
      const names = against.flatMap((index) => old[index]?.file ?? []);
      return breachFinding(file, old[against[0] ?? 0], names, rest, severity);
    };
    const { compatible, refusal, bump, semver } = report;
    const exitCode = refusal === null ? exitCodes.good : exitCodeOf(refusal);
    return {
      ...shared,
      passed: refusal === null,
      exitCode,
      compatible,
      bump,
      ...(semver !== null && { semver }),
      findings: [
        ...(refusal === 'VERSION_UNDERSTATED'
          ? [understatedFinding(file, terms.version ?? '', semver ?? '', bump)]
          : []),
        // A breach that a line of its own was asked for is no error.
        ...report.incompatibilities.map((breach) => findingOf(breach, refusal === null ? 'note' : 'error')),
        ...report.advice.map((breach) => findingOf(breach, 'note')),
      ],
    };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { ...shared, ...failed(exitCodeOf(error.code)), findings: [faultFinding(file, error)] };
  }
}

/** What makes a file no schema: nothing, or the one fault that its parser stopped at. */
export function findFaults(file: SchemaFile): readonly Finding[] {
  try {
    readSchema(file);
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [faultFinding(file, error)];
  }
}

function failed(exitCode: number) {
  return { passed: false, exitCode };
}
