import {
  referenceExists,
  subjectNotFound,
  subjectNotSoftDeleted,
  subjectSoftDeleted,
  versionNotFound,
  versionNotSoftDeleted,
  versionSoftDeleted,
} from '../../domain/confluent/confluent-error.ts';
import { assertWritable } from '../../domain/confluent/confluent-mode.ts';
import { deleteSettings } from '../../store/confluent-settings.ts';
import { listPositions } from '../../store/confluent-versions.ts';
import { deleteSubject, deleteVersion } from '../delete-versions.ts';
import type { RegistryDeps } from '../registry-deps.ts';
import { updateSettings } from '../update-settings.ts';
import { findScope } from './scope.ts';

/** Deletes all versions of a subject and answers with their positions. Its settings go with it, its numbers continue. */
export async function deleteRegisteredSubject(
  deps: RegistryDeps,
  subject: string,
  { permanent, by }: { readonly permanent: boolean; readonly by: string },
): Promise<readonly number[]> {
  const scope = await findScope(deps.database.kysely, subject);
  assertWritable(subject, scope.mode);
  const known = await listPositions(deps.database.kysely, subject);
  const outcome = known.length === 0 ? notFound : await deleteSubject(deps, subject, { permanent });
  switch (outcome.kind) {
    case 'not_found':
      throw subjectNotFound(subject);
    case 'already_deleted':
      throw subjectSoftDeleted(subject);
    case 'still_live':
      throw subjectNotSoftDeleted(subject);
    case 'referenced':
      throw referenceExists(subject, outcome.by.refVersion);
    case 'deleted':
      await deleteSettings(deps.database.kysely, subject);
      if (!permanent && scope.subject?.ownLevel != null) {
        await updateSettings(deps, subject, { ownLevel: null }, { by, via: 'confluent' });
      }
      return outcome.versions
        .map(({ version }) => version)
        .filter((version) => known.some((position) => position.version === version));
  }
}

/** Deletes one version and answers with its position. */
export async function deleteRegisteredVersion(
  deps: RegistryDeps,
  subject: string,
  version: number | 'latest',
  { permanent }: { readonly permanent: boolean },
): Promise<number> {
  assertWritable(subject, (await findScope(deps.database.kysely, subject)).mode);
  const known = await listPositions(deps.database.kysely, subject);
  if (known.length === 0) throw subjectNotFound(subject);
  // What is to be removed for good is no longer live: then the last one is any last one.
  const last = known.findLast(({ deleted }) => permanent || !deleted)?.version;
  const position = version === 'latest' ? last : version;
  if (position === undefined) throw subjectNotFound(subject);
  const isKnown = known.some((each) => each.version === position);
  const outcome = isKnown ? await deleteVersion(deps, subject, position, { permanent }) : notFound;
  switch (outcome.kind) {
    case 'not_found':
      throw versionNotFound(position);
    case 'already_deleted':
      throw versionSoftDeleted(subject, position);
    case 'still_live':
      throw versionNotSoftDeleted(subject, position);
    case 'referenced':
      throw referenceExists(subject, position);
    case 'deleted':
      return position;
  }
}

/** A version that a repeated registration erased is not there to a Kafka client. */
const notFound = { kind: 'not_found' } as const;
