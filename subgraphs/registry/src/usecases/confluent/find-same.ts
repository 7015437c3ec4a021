import type { RegisteredSchema } from '../../domain/confluent/registered-schema.ts';
import { hasSameFacts, isSameContent, normalForm } from '../../domain/confluent/same-content.ts';
import type { ParsedSchema } from '../../domain/parsed-schema.ts';
import { normalizeProtobuf } from '../../domain/protobuf/normalize-proto-file.ts';
import { findRegisteredByDigest, listRegisteredAlike } from '../../store/confluent-versions.ts';
import { readSchemas } from '../read-schemas.ts';
import type { RegistryDeps } from '../registry-deps.ts';
import type { Candidate } from './read-candidate.ts';

/** Which versions are looked at, and how closely. */
export interface Sameness {
  /** The order of attributes says nothing. */
  readonly normalize: boolean;
  /** Deleted versions count, too. */
  readonly deleted: boolean;
  /** The comments and the layout of a Protobuf text say nothing: clients hand in what they compiled, which has neither. */
  readonly passesOverLayout: boolean;
}

/**
 * The version of a subject that holds what a candidate says, the newest if there are several: the same content in whatever
 * form, or the same schema with what it uses written into it.
 */
export async function findSame(
  deps: RegistryDeps,
  subject: string,
  candidate: Candidate,
  { normalize, deleted, passesOverLayout }: Sameness,
): Promise<RegisteredSchema | undefined> {
  const db = deps.database.kysely;
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
    (normalize || passesOverLayout ? await findSameTree(deps, asked, candidate) : undefined) ??
    asked.findLast(({ references }) => references.length > 0 && candidate.references.length === 0)
  );
}

/** The last of these versions that says in Protobuf what a candidate says, however it is written. */
async function findSameTree(
  { database, schemas }: RegistryDeps,
  versions: readonly RegisteredSchema[],
  candidate: Candidate,
): Promise<RegisteredSchema | undefined> {
  const wanted = treeText(candidate.schema);
  if (wanted === undefined) return undefined;
  const asked = versions.filter((version) => hasSameFacts(version, candidate));
  const keys = asked.map(({ digest, id }) => ({ digest, schemaId: id }));
  const read = await readSchemas(database.kysely, schemas, keys);
  return asked.findLast(({ digest }) => treeText(read.get(digest)) === wanted);
}

function treeText(schema: ParsedSchema | undefined): string | undefined {
  return schema?.type === 'PROTOBUF' ? normalizeProtobuf(schema.protobuf) : undefined;
}
