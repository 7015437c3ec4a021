import { createSpineClient } from '../../client/spine-client.ts';
import { processEnv } from '../../config.ts';
import { exitCodes } from '../../exit-codes.ts';
import { listPages } from '../../schema/list-pages.ts';
import { printTable } from '../../schema/print-table.ts';
import { type VersionEntry, versionDocument, versionsPage } from '../../schema/registry-answers.ts';
import { subjectPath } from '../../schema/subject-path.ts';
import { terminal } from '../../terminal.ts';

export interface ShowOptions {
  readonly json?: boolean;
  readonly version?: string;
  /** Only the text of the schema. */
  readonly text?: boolean;
  readonly versions?: boolean;
}

/** `spine schema show`: a version with its text, the latest unless one is named; or all versions of a subject. */
export async function show(subject: string, options: ShowOptions): Promise<number> {
  const client = createSpineClient(processEnv);
  if (options.versions) {
    const path = subjectPath(subject, 'versions');
    const parse = (answer: unknown) => versionsPage.parse(answer);
    // What became of the others is part of the story.
    const query = { deleted: 'true' };
    const versions = await listPages(client, path, parse, (page) => page.versions, { query });
    if (options.json) terminal.json({ subject, versions });
    else {
      const rows = versions.map((version) => [
        String(version.version),
        version.semver,
        version.bump,
        String(version.id),
        version.publishedAt.slice(0, 10),
        version.publishedBy,
        stateOf(version),
      ]);
      printTable(terminal, [['VERSION', 'SEMVER', 'BUMP', 'ID', 'PUBLISHED', 'BY', 'STATE'], ...rows]);
    }
    return exitCodes.good;
  }
  const answer = await client.get('registry', subjectPath(subject, 'versions', options.version ?? 'latest'));
  const version = versionDocument.parse(answer);
  if (options.json) terminal.json(answer);
  else if (options.text) terminal.line(version.schema);
  else {
    const { colour } = terminal;
    const row = (name: string, value: string): void =>
      terminal.line(`  ${colour.dim(name.padEnd(11))} ${value}`);
    terminal.line(`${colour.bold(subject)} ${version.semver}`);
    row('version', `${version.version}, ${version.bump}; id ${version.id}; ${version.schemaType}`);
    row('published', `${version.publishedAt} by ${version.publishedBy}`);
    if (stateOf(version) !== 'live') row('state', stateOf(version));
    if (version.dataClass !== null) row('class', version.dataClass);
    if (version.retention !== null) row('retention', version.retention);
    for (const [path, tags] of Object.entries(version.tags)) row('tags', `${path}: ${tags.join(', ')}`);
    for (const each of version.references) row('uses', `${each.name} = ${each.subject}@${each.version}`);
    terminal.line();
    terminal.line(version.schema);
  }
  return exitCodes.good;
}

function stateOf({ deletedAt, rolledBack, deprecation }: VersionEntry): string {
  if (rolledBack !== null) return `rolled back ${rolledBack.at.slice(0, 10)}`;
  if (deletedAt !== null) return `deleted ${deletedAt.slice(0, 10)}`;
  if (deprecation === null) return 'live';
  const sunset = deprecation.sunset === null ? '' : `, sunset ${deprecation.sunset.slice(0, 10)}`;
  return `deprecated${sunset}`;
}
