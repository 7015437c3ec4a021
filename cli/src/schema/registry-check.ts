import { Problem } from '@spine/kernel/problem';
import type { SpineClient } from '../client/spine-client.ts';
import { exitCodes } from '../exit-codes.ts';
import { breachFinding } from './breach-finding.ts';
import type { CheckedFile, Finding } from './finding.ts';
import { type RegistryBreach, type RegistryReport, versionDocument } from './registry-answers.ts';
import type { SchemaFile } from './schema-file.ts';
import { subjectPath } from './subject-path.ts';

/** What a registry's report says about a file. The old versions that are readers are fetched, so that their place can be shown. */
export async function checkedByReport(
  client: SpineClient,
  file: SchemaFile,
  subject: string,
  report: RegistryReport,
): Promise<CheckedFile> {
  const texts = new Map<number, SchemaFile>();
  for (const { direction, versions } of report.incompatibilities) {
    const [first] = versions;
    if (direction === 'BACKWARD' || first === undefined || texts.has(first)) continue;
    const text = await findVersionText(client, subject, first);
    if (text !== undefined) texts.set(first, text);
  }
  const findings = report.incompatibilities.map((breach): Finding => {
    const { versions, witness } = breach;
    const against = versions.map((version) => nameOf(subject, version));
    const shown = witness && { datum: witness.datum, why: witness.why };
    return breachFinding(
      file,
      texts.get(versions[0] ?? 0),
      against,
      { ...breach, witness: shown },
      decides(report, breach) ? 'error' : 'note',
    );
  });
  return {
    file,
    subject,
    level: report.level,
    profile: report.profile,
    against: [],
    passed: report.compatible,
    compatible: report.compatible,
    exitCode: report.compatible ? exitCodes.good : exitCodes.incompatible,
    bump: report.bump,
    findings,
    affected: report.affected,
  };
}

/** The text of a published version. It only shows a place: one that is gone, or not ours to read, is no fault. */
async function findVersionText(
  client: SpineClient,
  subject: string,
  version: number,
): Promise<SchemaFile | undefined> {
  const path = `${subjectPath(subject, 'versions', String(version))}?deleted=true`;
  try {
    const { schema, schemaType } = versionDocument.parse(await client.get('registry', path));
    return { file: nameOf(subject, version), type: schemaType, text: schema };
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

function nameOf(subject: string, version: number): string {
  return `${subject} version ${version}`;
}

/** Whether a breach is why the level is broken: its direction is asked about, and its axis. */
function decides({ level, compatible, axes }: RegistryReport, { direction, axis }: RegistryBreach): boolean {
  const isAsked = level.startsWith('FULL') || level.startsWith(direction);
  return !compatible && isAsked && (axis === undefined || axes.includes(axis));
}
