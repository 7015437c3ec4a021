import { createSpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { type AskOptions, type PublishedVersion, publishToRegistry } from '../../schema/ask-registry.ts';
import { checkDocument } from '../../schema/check-document.ts';
import { findSubjectFiles } from '../../schema/find-subject-files.ts';
import type { CheckedFile } from '../../schema/finding.ts';
import { createProgress } from '../../schema/progress.ts';
import { printsJson, type ReportOptions, reportChecks } from '../../schema/report-checks.ts';
import { terminal } from '../../terminal.ts';
import { checkOnline } from './check-online.ts';

export interface PublishOptions extends AskOptions, ReportOptions {
  readonly dryRun?: boolean;
}

/**
 * `spine schema publish`: publishes schemas, each after those that it refers to. What is refused stops nothing but what
 * refers to it. Answers 10, 11 or 12 by what was refused.
 */
export async function publish(patterns: readonly string[], options: PublishOptions): Promise<number> {
  const command = 'spine schema publish';
  if (options.dryRun) {
    const code = reportChecks(await checkOnline(patterns, options), options, command);
    if (!printsJson(options)) terminal.line(terminal.colour.dim('a dry run: nothing was published'));
    return code;
  }
  const client = createSpineClient(processEnv);
  const files = await findSubjectFiles(patterns, options);
  const progress = createProgress(printsJson(options));
  const checks: CheckedFile[] = [];
  const versions: PublishedVersion[] = [];
  const positions = new Map<string, number>();
  try {
    for (const each of files) {
      progress.show(checks.length, files.length, each.subject);
      const { checked, version } = await publishToRegistry(client, each, options, positions);
      checks.push(checked);
      if (version === undefined) continue;
      versions.push(version);
      positions.set(version.subject, version.version);
    }
  } finally {
    progress.end();
    if (!printsJson(options)) versions.forEach(printVersion);
  }
  const refused = checks.filter((check) => !check.passed);
  const document = { published: versions, ...checkDocument(checks) };
  return reportChecks(checks, options, command, { document, printed: refused });
}

function printVersion({ subject, version, semver, bump, id }: PublishedVersion): void {
  const { colour } = terminal;
  const detail = colour.dim(`version ${version}, id ${id}, ${bump}`);
  terminal.line(`${colour.green('✓')} ${colour.bold(subject)} ${semver}  ${detail}`);
}
