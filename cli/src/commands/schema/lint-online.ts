import { Problem } from '@spine/kernel/problem';
import { createSpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { lintWithRegistry } from '../../schema/ask-registry.ts';
import { findSubjectFiles } from '../../schema/find-subject-files.ts';
import type { CheckedFile } from '../../schema/finding.ts';
import { createProgress } from '../../schema/progress.ts';
import { printsJson } from '../../schema/report-checks.ts';
import type { LintOptions } from './lint-options.ts';

/** Lints by a registry: it knows the severities of each subject, the version that a file follows, and who owns it. */
export async function lintOnline(
  patterns: readonly string[],
  options: LintOptions & { readonly url: string },
): Promise<readonly CheckedFile[]> {
  refuseOffline(options);
  const client = createSpineClient({ ...processEnv, SPINE_REGISTRY_URL: options.url });
  const files = await findSubjectFiles(patterns, options);
  const progress = createProgress(printsJson(options));
  const checks: CheckedFile[] = [];
  for (const each of files) {
    progress.show(checks.length, files.length, each.subject);
    checks.push(await lintWithRegistry(client, each, options));
  }
  progress.end();
  return checks;
}

/** What is said of a lint without a registry says nothing to one: it has its own word on each. */
function refuseOffline({ url, against, baseRef, rule, fix }: LintOptions & { readonly url: string }): void {
  if (!URL.canParse(url)) {
    throw new Problem('INPUT_INVALID', `--url ${url}: it is no URL`, {
      fix: 'Give the one of a registry, such as http://127.0.0.1:4001.',
    });
  }
  const [said] = [
    against !== undefined && '--against',
    baseRef !== undefined && '--base-ref',
    rule !== undefined && rule.length > 0 && '--rule',
    fix === true && '--fix',
  ].filter((flag) => flag !== false);
  if (said === undefined) return;
  throw new Problem('INPUT_INVALID', `${said} is for a lint without a registry, and --url names one`, {
    fix: 'Give one of them. The severities of a subject are set with its settings in the registry.',
  });
}
