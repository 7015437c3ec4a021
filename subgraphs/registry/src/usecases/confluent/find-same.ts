import type { RegisteredSchema } from '../../domain/confluent/registered-schema.ts';
import { isSameContent, normalForm } from '../../domain/confluent/same-content.ts';
import { findRegisteredByDigest, listRegisteredAlike } from '../../store/confluent-versions.ts';
import type { ReadDeps } from '../registry-deps.ts';
import type { Candidate } from './read-candidate.ts';

/** Which versions are looked at, and how closely. */
export interface Sameness {
  /** The order of attributes says nothing. */
  readonly normalize: boolean;
  /** Deleted versions count, too. */
  readonly deleted: boolean;
}

/**
 * The version of a subject that holds what a candidate says, the newest if there are several: the same content in whatever
 * form, or the same schema with what it uses written into it.
 */
export async function findSame(
  { database }: ReadDeps,
  subject: string,
  candidate: Candidate,
  { normalize, deleted }: Sameness,
): Promise<RegisteredSchema | undefined> {
  const db = database.kysely;
  const { digest, fingerprint } = candidate.schema;
  // What most calls of a steady system ask for.
  const exact = await findRegisteredByDigest(db, subject, digest, { deleted });
  if (exact !== undefined) return exact;
  const alike = await listRegisteredAlike(db, subject, fingerprint);
  const asked = alike.filter((version) => deleted || !version.deleted);
  const inForm = <Content extends Pick<RegisteredSchema, 'type' | 'text'>>(content: Content): Content =>
    normalize ? { ...content, text: normalForm(content.type, content.text) } : content;
  const wanted = inForm(candidate);
  return (
    asked.findLast((version) => isSameContent(inForm(version), wanted)) ??
    asked.findLast(({ references }) => references.length > 0 && candidate.references.length === 0)
  );
}
