import type { CheckReport } from './check-report.ts';
import type { Governance } from './governance-change.ts';
import type { SchemaReference } from './schema-reference.ts';
import type { JsonObject } from './schema-source.ts';
import type { SchemaType } from './schema-type.ts';
import type { Bump, Semver } from './semver.ts';

/** Free facts about a version, for people and their tools: names and texts. */
export type VersionMetadata = Readonly<Record<string, string>>;

/** What the checks of later versions need of an earlier one: all but its report. */
export interface VersionHead extends Governance {
  readonly subject: string;
  /** Position in the subject, 1..n. */
  readonly version: number;
  readonly semver: Semver;
  /** Number of the content on the wire, the same under every subject. */
  readonly schemaId: number;
  readonly schemaType: SchemaType;
  readonly digest: string;
  readonly fingerprint: string;
  readonly metadata: VersionMetadata;
  /** What Kafka clients keep with the content. */
  readonly contentMetadata: JsonObject | null;
  readonly state: VersionState;
}

/** A published version: it never changes. What becomes of it later is its state. */
export interface SubjectVersion extends VersionHead {
  readonly bump: Bump;
  /** Name of the content in every registry that knows it; made of its digest. */
  readonly guid: string;
  /** What the content uses, as published; subjects by their qualified names. */
  readonly references: readonly SchemaReference[];
  readonly ruleSet: JsonObject | null;
  readonly report: CheckReport;
  readonly publishedAt: Date;
  readonly publishedBy: string;
}

/** What became of a version. Its id can be read whatever that is. */
export interface VersionState {
  /** No longer offered. Null for a live version. */
  readonly deletedAt: Date | null;
  /** Hidden even from those who ask for deleted ones: its content was registered again. */
  readonly erasedAt: Date | null;
  /** Why it is no longer offered, where a rollback did that. */
  readonly rolledBack: Rollback | null;
  readonly deprecation: Deprecation | null;
}

export interface Rollback {
  readonly at: Date;
  readonly by: string;
  readonly reason: string | null;
  /** Who answers for it, where the older schema cannot read what was written since. */
  readonly approver: string | null;
}

/** A version that should no longer be used. */
export interface Deprecation {
  readonly at: Date;
  /** When it is to be gone. */
  readonly sunset: Date | null;
  readonly note: string | null;
}

/** Whether a version is offered. */
export function isLive({ state }: Pick<VersionHead, 'state'>): boolean {
  return state.deletedAt === null;
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
