import { formatSemver } from '../../domain/semver.ts';
import type { Subject } from '../../domain/subject.ts';
import type { SubjectVersion } from '../../domain/subject-version.ts';

/** A version as lists show it. */
export function toVersionEntry(version: SubjectVersion) {
  return {
    subject: version.subject,
    version: version.version,
    semver: formatSemver(version.semver),
    bump: version.bump,
    id: version.schemaId,
    schemaType: version.schemaType,
    fingerprint: version.fingerprint,
    publishedAt: version.publishedAt.toISOString(),
    publishedBy: version.publishedBy,
  };
}

/** A version with all that is known of it. */
export function toVersionDocument(version: SubjectVersion, schema: string) {
  return {
    ...toVersionEntry(version),
    schema,
    tags: version.tags,
    dataClass: version.dataClass ?? null,
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
    owner: subject.owner,
    dataset: subject.dataset,
    latest: latest === undefined ? null : toVersionEntry(latest),
  };
}
