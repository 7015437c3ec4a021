import type { SchemaChange } from './schema-changes.ts';

/** What a release of the graph writes. */
export interface Release {
  readonly version: string;
  /** The changelog with this release on top. */
  readonly changelog: string;
}

const title =
  '# Changelog of the graph\n\nWritten by `npm run schema -- --release`. The version is that of `@spine/client`.\n';

/** Makes the release that follows from the changes; null when there are none. */
export function releaseOf(
  changes: readonly SchemaChange[],
  before: { readonly version: string; readonly changelog: string | null },
  date: string,
): Release | null {
  if (changes.length === 0) return null;
  const version = nextVersion(before.version, changes);
  const entry = `\n## ${version} (${date})\n${(['breaking', 'dangerous', 'safe'] as const).map((kind) => section(kind, changes)).join('')}`;
  const earlier = before.changelog?.slice(title.length) ?? '';
  return { version, changelog: `${title}${entry}${earlier}` };
}

const headings = {
  breaking: 'Breaking',
  dangerous: 'May surprise',
  safe: 'Compatible',
} as const;

function section(kind: SchemaChange['kind'], changes: readonly SchemaChange[]): string {
  const own = changes.filter((change) => change.kind === kind);
  if (own.length === 0) return '';
  return `\n### ${headings[kind]}\n\n${own.map(({ message }) => `- ${message}\n`).join('')}`;
}

/** Semver of what changed; before 1.0.0 a breaking change raises the minor, everything else the patch. */
export function nextVersion(version: string, changes: readonly SchemaChange[]): string {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const has = (kind: SchemaChange['kind']): boolean => changes.some((change) => change.kind === kind);
  if (major === 0) return has('breaking') ? `0.${minor + 1}.0` : `0.${minor}.${patch + 1}`;
  if (has('breaking')) return `${major + 1}.0.0`;
  return has('dangerous') || changes.some(({ added }) => added)
    ? `${major}.${minor + 1}.0`
    : `${major}.${minor}.${patch + 1}`;
}
