import { Problem } from '@spine/kernel/problem';
import type { Kysely, Transaction } from 'kysely';
import { isLive, type VersionHead } from '../domain/subject-version.ts';
import type { RegistryTables } from '../store/registry-tables.ts';
import { deleteSubjectRow, lockSubject } from '../store/subjects.ts';
import { breaksReference, listReferrers, type Referrer } from '../store/version-references.ts';
import { markDeleted, removeVersions } from '../store/version-states.ts';
import { listHeads } from '../store/versions.ts';
import { announce } from './announce.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { assertChangeable } from './scope-terms.ts';

/** What became of a wish to delete. Only `deleted` changed anything. */
export type DeleteOutcome =
  | { readonly kind: 'deleted'; readonly versions: readonly VersionHead[] }
  | { readonly kind: 'not_found' }
  /** Deleted before; only removal for good is left. */
  | { readonly kind: 'already_deleted' }
  /** To be removed for good, and still live: that takes two steps. */
  | { readonly kind: 'still_live' }
  | { readonly kind: 'referenced'; readonly by: Referrer };

/**
 * Deletes a version. First it is no longer offered, its id can still be read and its position is not given again; then,
 * with `permanent`, it is removed for good. Throws CONFLICT where the subject's mode allows no change.
 */
export async function deleteVersion(
  { database }: RegistryDeps,
  subject: string,
  position: number,
  { permanent }: { readonly permanent: boolean },
): Promise<DeleteOutcome> {
  return await alone(database, subject, async (trx) => {
    const heads = await listHeads(trx, subject);
    const chosen = heads.filter(({ version }) => version === position);
    const outcome = await removeOrMark(trx, subject, chosen, permanent);
    if (permanent && heads.length === 1 && outcome.kind === 'deleted') await deleteSubjectRow(trx, subject);
    await announceDeletion(trx, outcome, permanent);
    return outcome;
  });
}

/** Deletes all versions of a subject. With `permanent` the subject is forgotten, and its positions begin at 1 again. */
export async function deleteSubject(
  { database }: RegistryDeps,
  subject: string,
  { permanent }: { readonly permanent: boolean },
): Promise<DeleteOutcome> {
  return await alone(database, subject, async (trx) => {
    const heads = await listHeads(trx, subject);
    const live = heads.filter(isLive);
    const chosen = permanent || live.length === 0 ? heads : live;
    const outcome = await removeOrMark(trx, subject, chosen, permanent);
    if (permanent && outcome.kind === 'deleted') await deleteSubjectRow(trx, subject);
    await announceDeletion(trx, outcome, permanent);
    return outcome;
  });
}

/** A version of another subject that uses one of these: a live one, or any that is left. */
export async function findReferrer(
  db: Kysely<RegistryTables> | Transaction<RegistryTables>,
  subject: string,
  positions: readonly number[],
  { deleted }: { readonly deleted: boolean },
): Promise<Referrer | undefined> {
  const referrers = await listReferrers(db, subject, positions);
  return referrers.find((referrer) => deleted || !referrer.deleted);
}

/** The refusal to take away what is used. */
export function inUse(subject: string, by: Referrer): Problem {
  return new Problem(
    'REFERENCE_IN_USE',
    `version ${by.refVersion} of ${subject} is used by version ${by.version} of ${by.subject}`,
    {
      fix: 'delete what uses it first',
      extensions: { referencedBy: { subject: by.subject, version: by.version } },
    },
  );
}

/** Acts while nobody else publishes to the subject or deletes from it, and again if what it removes was put to use meanwhile. */
async function alone(
  { kysely }: RegistryDeps['database'],
  subject: string,
  act: (trx: Transaction<RegistryTables>) => Promise<DeleteOutcome>,
): Promise<DeleteOutcome> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await kysely.transaction().execute(async (trx) => {
        await lockSubject(trx, subject);
        await assertChangeable(trx, subject);
        return await act(trx);
      });
    } catch (error) {
      // Whoever uses it has committed by now, and the next look finds that.
      if (!breaksReference(error) || tries === maxTries) throw error;
    }
  }
}

const maxTries = 3;

async function removeOrMark(
  trx: Transaction<RegistryTables>,
  subject: string,
  chosen: readonly VersionHead[],
  permanent: boolean,
): Promise<DeleteOutcome> {
  if (chosen.length === 0) return { kind: 'not_found' };
  const hasLive = chosen.some(isLive);
  if (permanent && hasLive) return { kind: 'still_live' };
  if (!permanent && !hasLive) return { kind: 'already_deleted' };
  const positions = chosen.map(({ version }) => version);
  // What a deleted version uses must stay readable as long as it can be read itself.
  const by = await findReferrer(trx, subject, positions, { deleted: permanent });
  if (by !== undefined) return { kind: 'referenced', by };
  if (permanent) await removeVersions(trx, subject, positions);
  else await markDeleted(trx, subject, positions, null);
  return { kind: 'deleted', versions: chosen };
}

async function announceDeletion(
  trx: Transaction<RegistryTables>,
  outcome: DeleteOutcome,
  permanent: boolean,
): Promise<void> {
  if (outcome.kind === 'deleted') await announce(trx, permanent ? 'removed' : 'deleted', outcome.versions);
}
