import type { RegisteredSchema } from '../../domain/confluent/registered-schema.ts';
import { isSameContent, normalForm } from '../../domain/confluent/same-content.ts';
import { readSchemas } from '../read-schemas.ts';
import type { RegistryDeps } from '../registry-deps.ts';
import type { Candidate } from './read-candidate.ts';

/**
 * The version among these that holds what a candidate says, the newest first: the same content in whatever form, or the
 * same schema with what it uses written into it. With `normalize` the order of attributes says nothing.
 */
export async function findSame(
  { database, schemas }: RegistryDeps,
  versions: readonly RegisteredSchema[],
  candidate: Candidate,
  { normalize = false, deleted = false }: { readonly normalize?: boolean; readonly deleted?: boolean } = {},
): Promise<RegisteredSchema | undefined> {
  const asked = versions.filter((version) => deleted || !version.deleted);
  const { digest } = candidate.schema;
  // What most calls of a steady system ask for.
  const exact =
    asked.findLast((version) => version.digest === digest && !version.deleted) ??
    asked.findLast((version) => version.digest === digest);
  if (exact !== undefined) return exact;
  const inForm = <Content extends Pick<RegisteredSchema, 'type' | 'text'>>(content: Content): Content =>
    normalize ? { ...content, text: normalForm(content.type, content.text) } : content;
  const wanted = inForm(candidate);
  const same = asked.findLast((version) => isSameContent(inForm(version), wanted));
  if (same !== undefined || candidate.references.length > 0) return same;
  const users = asked.filter(({ type, references }) => type === candidate.type && references.length > 0);
  const read = await readSchemas(
    database.kysely,
    schemas,
    users.map(({ digest: of, id }) => ({ digest: of, schemaId: id })),
  );
  const { fingerprint } = candidate.schema;
  return users.findLast((version) => read.get(version.digest)?.fingerprint === fingerprint);
}
