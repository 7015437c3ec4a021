import { createSpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { type AskOptions, checkWithRegistry } from '../../schema/ask-registry.ts';
import { findSubjectFiles } from '../../schema/find-subject-files.ts';
import type { CheckedFile } from '../../schema/finding.ts';
import { createProgress } from '../../schema/progress.ts';
import { printsJson, type ReportOptions } from '../../schema/report-checks.ts';

/** Asks the registry of each file whether it would be taken; nothing is stored. */
export async function checkOnline(
  patterns: readonly string[],
  options: AskOptions & ReportOptions,
): Promise<readonly CheckedFile[]> {
  const client = createSpineClient(processEnv);
  const files = await findSubjectFiles(patterns, options);
  const progress = createProgress(printsJson(options));
  const checks: CheckedFile[] = [];
  for (const each of files) {
    progress.show(checks.length, files.length, each.subject);
    checks.push(await checkWithRegistry(client, each, options));
  }
  progress.end();
  return checks;
}
