import { schemaNotFound, subjectNotFound } from '../../domain/confluent/confluent-error.ts';
import type { RegisteredSchema } from '../../domain/confluent/registered-schema.ts';
import { listPositions } from '../../store/confluent-versions.ts';
import type { RegistryDeps } from '../registry-deps.ts';
import { findSame } from './find-same.ts';
import { type HandedSchema, readCandidate } from './read-candidate.ts';
import { findScope } from './scope.ts';

/** The version of a subject that holds a schema. Throws 40401 without the subject, 40403 without the schema. */
export async function lookupSchema(
  deps: RegistryDeps,
  subject: string,
  handed: HandedSchema,
  { normalize, deleted }: { readonly normalize: boolean | undefined; readonly deleted: boolean },
): Promise<RegisteredSchema> {
  const db = deps.database.kysely;
  const positions = await listPositions(db, subject);
  if (!positions.some((position) => deleted || !position.deleted)) throw subjectNotFound(subject);
  const { config } = await findScope(db, subject);
  const sameness = { normalize: normalize ?? config.normalize ?? false, deleted, passesOverLayout: true };
  const candidate = await readCandidate(deps, subject, handed, sameness);
  const same = await findSame(deps, subject, candidate, sameness);
  if (same === undefined) throw schemaNotFound();
  return same;
}
