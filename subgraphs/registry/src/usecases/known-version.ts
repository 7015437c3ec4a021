import { canonicalJson } from '@spine/kernel/canonical-json';
import { Problem } from '@spine/kernel/problem';
import { storedText } from '../domain/confluent/same-content.ts';
import { normaliseTags } from '../domain/governance-change.ts';
import { contentDigest } from '../domain/schema-source.ts';
import { compareSemver, formatSemver, isRelease } from '../domain/semver.ts';
import { isLive, type VersionHead } from '../domain/subject-version.ts';
import type { SchemaRequest } from './publish-request.ts';

/**
 * The version that says already all that the request says, or undefined. Only the newest live version of a content is asked:
 * labels that go there and back again are two changes, a text that returns is none. A pre-release becomes a release by asking
 * for another number, and an import that brings a position means that position. An Avro text that a Kafka client registered
 * is known by any order of attributes. Throws CONFLICT where a release would get a second number.
 */
export function findKnown<Version extends VersionHead>(
  versions: readonly Version[],
  digest: string,
  request: SchemaRequest,
): Version | undefined {
  const newest = newestOf(versions, digest) ?? newestOf(versions, registeredDigest(request));
  if (newest === undefined || !isKnownAs(newest, request)) return undefined;
  const { requested, forcedVersion } = request;
  if (forcedVersion !== undefined && forcedVersion !== newest.version) return undefined;
  if (requested === undefined || compareSemver(requested, newest.semver) === 0) return newest;
  if (!isRelease(newest.semver)) return undefined;
  throw new Problem(
    'CONFLICT',
    `this content is already published as ${formatSemver(newest.semver)}, so it cannot become ${formatSemver(requested)}`,
    { fix: 'publish it without a version, or change the schema', path: '/version' },
  );
}

function newestOf<Version extends VersionHead>(
  versions: readonly Version[],
  digest: string | undefined,
): Version | undefined {
  return versions.findLast((version) => version.digest === digest && isLive(version));
}

/** The digest by which a Kafka client would have registered the content, where that may be another one. */
function registeredDigest(request: SchemaRequest): string | undefined {
  const { type, text, references, contentMetadata: metadata, ruleSet } = request;
  if (type !== 'AVRO' || request.via === 'confluent') return undefined;
  return contentDigest({ type, text: storedText(type, text), references, metadata, ruleSet });
}

/** Whether a version with the same content says all that the request says. */
export function isKnownAs(version: VersionHead, request: SchemaRequest): boolean {
  const { tags, dataClass, retention, metadata } = request;
  return (
    (tags === undefined || canonicalJson(normaliseTags(tags)) === canonicalJson(version.tags)) &&
    (dataClass === undefined || dataClass === version.dataClass) &&
    (retention === undefined || retention === version.retention) &&
    (metadata === undefined || canonicalJson(metadata) === canonicalJson(version.metadata))
  );
}
