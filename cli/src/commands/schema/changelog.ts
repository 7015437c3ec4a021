import { createSpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { listPages } from '../../schema/list-pages.ts';
import { parseCount } from '../../schema/parse-count.ts';
import { parseWord } from '../../schema/parse-word.ts';
import { describeUser } from '../../schema/print-checks.ts';
import { changelogPage } from '../../schema/registry-answers.ts';
import { printSchemaChanges } from '../../schema/schema-change-text.ts';
import { subjectPath } from '../../schema/subject-path.ts';
import { terminal } from '../../terminal.ts';

const formats = ['text', 'markdown', 'json'] as const;

export interface ChangelogOptions {
  readonly json?: boolean;
  readonly format?: string;
  readonly limit?: string;
}

/** `spine schema changelog`: what each version changed, the newest first. Markdown is for release notes. */
export async function changelog(subject: string, options: ChangelogOptions): Promise<number> {
  const format = options.json ? 'json' : parseWord('--format', options.format ?? 'text', formats);
  const client = createSpineClient(processEnv);
  const path = subjectPath(subject, 'changelog');
  if (format === 'markdown') {
    terminal.line((await client.getText('registry', `${path}?format=markdown`)).trimEnd());
    return exitCodes.good;
  }
  const limit = options.limit === undefined ? undefined : parseCount('--limit', options.limit);
  const parse = (answer: unknown) => changelogPage.parse(answer);
  const entries = await listPages(client, path, parse, (page) => page.entries, { limit });
  if (format === 'json') {
    terminal.json({ subject, entries });
    return exitCodes.good;
  }
  const { colour } = terminal;
  for (const { semver, bump, publishedAt, publishedBy, changes, affected } of entries) {
    const detail = colour.dim(`${bump}  ${publishedAt.slice(0, 10)}  ${publishedBy}`);
    terminal.line(`${colour.bold(`${subject} ${semver}`)}  ${detail}`);
    printSchemaChanges(terminal, changes);
    for (const user of affected) terminal.line(`  ${colour.yellow('breaks')} ${describeUser(user)}`);
  }
  return exitCodes.good;
}
