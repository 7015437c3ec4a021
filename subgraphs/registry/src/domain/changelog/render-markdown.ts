import type { Direction } from '../check-report.ts';
import { formatSemver } from '../semver.ts';
import type { SubjectVersion } from '../subject-version.ts';
import type { AffectedUsage } from '../usage.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import type { SchemaChange } from './schema-change.ts';

/** A version as the changelog tells of it. */
export interface ChangelogEntry {
  readonly version: Pick<
    SubjectVersion,
    'subject' | 'version' | 'semver' | 'bump' | 'publishedAt' | 'publishedBy' | 'state'
  >;
  /** Null where there is no version that it followed. */
  readonly changes: readonly SchemaChange[] | null;
  readonly affected: readonly AffectedUsage[];
}

const broken: Readonly<Record<Direction, string>> = {
  BACKWARD: 'readers of the new schema, on older data',
  FORWARD: 'readers of older schemas, on new data',
};

/** The changelog of a subject as Markdown, for a release ticket (R8): what was published, what changed, who is affected. */
export function renderChangelogMarkdown(entries: readonly ChangelogEntry[]): string {
  const subjects = [...new Set(entries.map(({ version }) => version.subject))];
  const title = `# Changelog of ${subjects.map(escapeMarkdown).join(', ')}`;
  return `${[title, ...entries.map(renderEntry)].join('\n\n')}\n`;
}

function renderEntry({ version, changes, affected }: ChangelogEntry): string {
  const { semver, bump, publishedAt, publishedBy } = version;
  const heading = `## ${formatSemver(semver)} (${bump})`;
  const published = `Version ${version.version}, published ${publishedAt.toISOString()} by ${escapeMarkdown(publishedBy)}.`;
  return [
    heading,
    [published, ...stateOf(version)].join('\n'),
    changes === null ? 'It follows no other version.' : tableOf(changes),
    breachesOf(changes ?? []),
    affectedOf(affected),
  ]
    .filter((block) => block !== '')
    .join('\n\n');
}

function stateOf({ state }: ChangelogEntry['version']): readonly string[] {
  const { rolledBack, deprecation, deletedAt } = state;
  const lines: string[] = [];
  if (rolledBack !== null) {
    const { at, by, reason, approver } = rolledBack;
    const why = reason === null ? '' : `: ${escapeMarkdown(reason)}`;
    const approved = approver === null ? '' : ` (approved by ${escapeMarkdown(approver)})`;
    lines.push(`**Rolled back** ${at.toISOString()} by ${escapeMarkdown(by)}${approved}${why}.`);
  } else if (deletedAt !== null) lines.push(`**Deleted** ${deletedAt.toISOString()}.`);
  if (deprecation !== null) {
    const { at, sunset, note } = deprecation;
    const until = sunset === null ? '' : `, to be gone by ${sunset.toISOString()}`;
    lines.push(
      `**Deprecated** ${at.toISOString()}${until}${note === null ? '' : `: ${escapeMarkdown(note)}`}.`,
    );
  }
  return lines;
}

function tableOf(changes: readonly SchemaChange[]): string {
  if (changes.length === 0) return 'Nothing changed that a reader or a person would notice.';
  const rows = changes.map(({ kind, part, name, before, after, breaks }) => {
    const what = `${part.toLowerCase()} ${escapeMarkdown(name)}`.trim();
    const cells = [wordsOf(kind), what, shown(before), shown(after), breaks.map(wordsOf).join(', ')];
    return `| ${cells.join(' | ')} |`;
  });
  return ['| change | of | before | after | breaks |', '|---|---|---|---|---|', ...rows].join('\n');
}

function breachesOf(changes: readonly SchemaChange[]): string {
  const breaches = changes.flatMap((change) => change.breaches);
  if (breaches.length === 0) return '';
  const lines = breaches.map(({ direction, message, path }) => {
    const place = path === '' ? 'the root' : escapeMarkdown(path);
    return `- ${broken[direction]}: ${escapeMarkdown(message)} (at ${place})`;
  });
  // A breach may come of several changes, and is told once.
  return ['What breaks:', '', ...new Set(lines)].join('\n');
}

function affectedOf(affected: readonly AffectedUsage[]): string {
  if (affected.length === 0) return '';
  const lines = affected.map(({ role, name, version, contact, why }) => {
    const asked = contact === null ? '' : `, ask ${escapeMarkdown(contact)}`;
    return `- ${role.toLowerCase()} ${escapeMarkdown(name)} at version ${version}${asked}: ${escapeMarkdown(why)}`;
  });
  return ['Who is affected:', '', ...lines].join('\n');
}

function shown(value: unknown): string {
  if (value === undefined) return '';
  return escapeMarkdown(typeof value === 'string' ? value : JSON.stringify(value));
}

/** `TYPE_CHANGED` as `type changed`. */
function wordsOf(word: string): string {
  return word.toLowerCase().replaceAll('_', ' ');
}
