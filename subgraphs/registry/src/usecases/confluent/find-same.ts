import type { RegisteredSchema } from '../../domain/confluent/registered-schema.ts';
import { isSameContent, normalForm } from '../../domain/confluent/same-content.ts';
import { findRegisteredByDigest, listRegistered } from '../../store/confluent-versions.ts';
import { readSchemas } from '../read-schemas.ts';
import type { RegistryDeps } from '../registry-deps.ts';
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
  deps: RegistryDeps,
  subject: string,
  candidate: Candidate,
  { normalize, deleted }: Sameness,
): Promise<RegisteredSchema | undefined> {
  const db = deps.database.kysely;
  // What most calls of a steady system ask for, whatever else the subject holds.
  const exact = await findRegisteredByDigest(db, subject, candidate.schema.digest, { deleted });
  if (exact !== undefined) return exact;
  const versions = (await listRegistered(db, subject)).filter((version) => deleted || !version.deleted);
  const inForm = <Content extends Pick<RegisteredSchema, 'type' | 'text'>>(content: Content): Content =>
    normalize ? { ...content, text: normalForm(content.type, content.text) } : content;
  const wanted = inForm(candidate);
  const same = versions.findLast((version) => isSameContent(inForm(version), wanted));
  return same ?? (await findResolved(deps, versions, candidate));
}

/** The version whose schema a candidate without references is, once what that uses is written into it. */
async function findResolved(
  { database, schemas }: RegistryDeps,
  versions: readonly RegisteredSchema[],
  { type, references, schema }: Candidate,
): Promise<RegisteredSchema | undefined> {
  if (references.length > 0) return undefined;
  const users = versions.filter((version) => version.type === type && version.references.length > 0);
  const read = await readSchemas(
    database.kysely,
    schemas,
    users.map(({ digest, id }) => ({ digest, schemaId: id })),
  );
  return users.findLast(({ digest }) => read.get(digest)?.fingerprint === schema.fingerprint);
}
