import { type ConfluentError, invalidSchema } from '../../domain/confluent/confluent-error.ts';
import { copiesAsIs } from '../../domain/confluent/confluent-mode.ts';
import { settleFacts, withVersion } from '../../domain/confluent/content-facts.ts';
import { findLastRegistered, listPositions } from '../../store/confluent-versions.ts';
import type { ReadDeps } from '../registry-deps.ts';
import type { Candidate } from './read-candidate.ts';
import type { Scope } from './scope.ts';

/** A candidate as it is to be stored, and the position that it must get, if it must get one. */
export interface PlacedCandidate {
  readonly candidate: Candidate;
  readonly position: number | undefined;
}

/**
 * Settles what a candidate says of itself and where it goes. A copy stays what it is, at the position that it brings. Otherwise
 * a number must be the next one (-1 is that) and becomes part of the metadata: so a content can come back as a new version,
 * and of two clients that name the same number one is refused. Throws 42201.
 */
export async function placeCandidate(
  { database }: ReadDeps,
  {
    subject,
    version,
    scope,
    candidate,
  }: {
    readonly subject: string;
    readonly version: number | undefined;
    readonly scope: Pick<Scope, 'mode' | 'config'>;
    readonly candidate: Candidate;
  },
): Promise<PlacedCandidate> {
  if (copiesAsIs(scope.mode)) return { candidate, position: version === -1 ? undefined : version };
  const previous = await findLastRegistered(database.kysely, subject);
  const settled = { ...candidate, ...settleFacts(candidate, previous, scope.config) };
  if (version === undefined) return { candidate: settled, position: undefined };
  const positions = await listPositions(database.kysely, subject);
  const next = (positions.at(-1)?.version ?? 0) + 1;
  if (version !== -1 && version !== next) throw notNext();
  return { candidate: { ...settled, metadata: withVersion(settled.metadata, next) }, position: next };
}

/** The refusal of a position that is not the next one, or no longer. */
export function notNext(): ConfluentError {
  return invalidSchema('Version is not one more than previous version');
}
