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
import type { CheckedFile, Finding } from './finding.ts';
import type { SchemaFile } from './schema-file.ts';

/** What counts as a breach. */
export interface CompareTerms {
  readonly level: OfflineLevel;
  readonly profile: OfflineProfile;
  readonly policy?: OfflinePolicy | undefined;
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
    return {
      ...shared,
      ...(report.compatible ? passed : failed(exitCodes.incompatible)),
      bump: report.bump,
      findings: [
        ...report.incompatibilities.map((breach) => findingOf(breach, 'error')),
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

const passed = { passed: true, exitCode: exitCodes.good } as const;

function failed(exitCode: number) {
  return { passed: false, exitCode };
}
