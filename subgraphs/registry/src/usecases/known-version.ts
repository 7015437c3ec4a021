import { canonicalJson } from '@spine/kernel/canonical-json';
import { normaliseTags } from '../domain/governance-change.ts';
import type { SubjectVersion } from '../domain/subject-version.ts';
import type { SchemaRequest } from './publish-request.ts';

/**
 * Whether a version with the same content says all that the request says. Only the newest version of a content is asked:
 * labels that go there and back again are two changes, a text that returns is none.
 */
export function isKnownAs(version: SubjectVersion, request: SchemaRequest): boolean {
  const { tags, dataClass, metadata } = request;
  return (
    (tags === undefined || canonicalJson(normaliseTags(tags)) === canonicalJson(version.tags)) &&
    (dataClass === undefined || dataClass === version.dataClass) &&
    (metadata === undefined || canonicalJson(metadata) === canonicalJson(version.metadata))
  );
}
