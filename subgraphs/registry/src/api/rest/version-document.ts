import type { CompatibilityLevel } from '../../domain/compatibility-level.ts';
import { formatSemver } from '../../domain/semver.ts';
import type { Subject } from '../../domain/subject.ts';
import type { SubjectVersion, VersionState } from '../../domain/subject-version.ts';

/** A version as lists show it. */
export function toVersionEntry(version: SubjectVersion) {
  return {
    subject: version.subject,
    version: version.version,
    semver: formatSemver(version.semver),
    bump: version.bump,
    id: version.schemaId,
    guid: version.guid,
    schemaType: version.schemaType,
    fingerprint: version.fingerprint,
    publishedAt: version.publishedAt.toISOString(),
    publishedBy: version.publishedBy,
    ...toStateDocument(version.state),
  };
}

/** A version with all that is known of it. */
export function toVersionDocument(version: SubjectVersion, schema: string) {
  return {
    ...toVersionEntry(version),
    schema,
    references: version.references,
    tags: version.tags,
    dataClass: version.dataClass ?? null,
    retention: version.retention ?? null,
    metadata: version.metadata,
    report: version.report,
  };
}

/** What publishing answers. */
export function toPublishAnswer(version: SubjectVersion) {
  const { subject, semver, bump, id } = toVersionEntry(version);
  return { subject, version: version.version, semver, bump, id, report: version.report };
}

/** A subject as lists show it. */
export function toSubjectEntry(subject: Subject, latest: SubjectVersion | undefined) {
  return {
    name: subject.name,
    level: subject.level,
    profile: subject.profile,
    owner: subject.owner,
    dataset: subject.dataset,
    latest: latest === undefined ? null : toVersionEntry(latest),
  };
}

/** What a subject says of itself, with the level that holds; `inherited` where that is not its own. */
export function toSettingsDocument(subject: Subject, level: CompatibilityLevel) {
  const { name, ownLevel, profile, axes, policy, lint, owner, registeredVia } = subject;
  return {
    subject: name,
    level,
    inherited: ownLevel === null,
    profile,
    axes,
    policy,
    lint,
    owner,
    registeredVia,
  };
}

/** What became of a version; nulls for what did not. */
function toStateDocument({ deletedAt, rolledBack, deprecation }: VersionState) {
  return {
    deletedAt: deletedAt?.toISOString() ?? null,
    rolledBack: rolledBack === null ? null : { ...rolledBack, at: rolledBack.at.toISOString() },
    deprecation:
      deprecation === null
        ? null
        : {
            at: deprecation.at.toISOString(),
            sunset: deprecation.sunset?.toISOString() ?? null,
            note: deprecation.note,
          },
  };
}
