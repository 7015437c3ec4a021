import type { CheckReport } from './check-report.ts';
import type { Governance } from './governance-change.ts';
import type { SchemaType } from './schema-type.ts';
import type { Bump, Semver } from './semver.ts';

/** Free facts about a version, for people and their tools: names and texts. */
export type VersionMetadata = Readonly<Record<string, string>>;

/** A published version: it never changes. */
export interface SubjectVersion extends Governance {
  readonly subject: string;
  /** Position in the subject, 1..n. */
  readonly version: number;
  readonly semver: Semver;
  readonly bump: Bump;
  /** Number of the content on the wire, the same under every subject. */
  readonly schemaId: number;
  readonly schemaType: SchemaType;
  readonly digest: string;
  readonly fingerprint: string;
  readonly metadata: VersionMetadata;
  readonly report: CheckReport;
  readonly publishedAt: Date;
  readonly publishedBy: string;
}

/** The key of a version in the graph, `shop.public.orders@3`. */
export function versionKey(version: { readonly subject: string; readonly version: number }): string {
  return `${version.subject}@${version.version}`;
}

/** The subject and position that a key names, or undefined for any other text. */
export function parseVersionKey(
  key: string,
): { readonly subject: string; readonly version: number } | undefined {
  const match = /^(.+)@([1-9]\d{0,8})$/s.exec(key);
  const [, subject, version] = match ?? [];
  return subject === undefined ? undefined : { subject, version: Number(version) };
}
