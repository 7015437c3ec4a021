import type { Subject } from '../domain/subject.ts';
import { isLive, type SubjectVersion, type VersionHead } from '../domain/subject-version.ts';
import type { SubjectState } from '../store/subject-state.ts';

/**
 * The state of a subject once a version is stored, as reading it again would find it under that token; undefined where more
 * than that has changed with it.
 */
export function stateAfter(
  { subject, versions, usages }: SubjectState,
  stored: {
    readonly version: SubjectVersion;
    readonly changedSubject: Subject | undefined;
    readonly token?: string | undefined;
  },
): SubjectState | undefined {
  const { version, changedSubject, token } = stored;
  const last = versions.at(-1);
  if (token === undefined) return undefined;
  if (last !== undefined && last.version >= version.version) return undefined;
  // A deleted version of the same content is erased with it.
  if (versions.some((each) => each.digest === version.digest && !isLive(each))) return undefined;
  return { subject: changedSubject ?? subject, versions: [...versions, headOf(version)], usages, token };
}

/** Without its report and all else that no later check needs. */
function headOf(version: SubjectVersion): VersionHead {
  const { subject, semver, schemaId, schemaType, digest, fingerprint } = version;
  const { tags, dataClass, retention, metadata, contentMetadata, state } = version;
  return {
    subject,
    version: version.version,
    semver,
    schemaId,
    schemaType,
    digest,
    fingerprint,
    tags,
    ...(dataClass !== undefined && { dataClass }),
    ...(retention !== undefined && { retention }),
    metadata,
    contentMetadata,
    state,
  };
}
