import { Problem } from '@spine/kernel/problem';
import { checkRollback, type RollbackReport } from '../domain/check-rollback.ts';
import { compareSemver } from '../domain/semver.ts';
import { isLive, type SubjectVersion } from '../domain/subject-version.ts';
import { lockSubject } from '../store/subjects.ts';
import { listUsages } from '../store/usages.ts';
import { markDeleted } from '../store/version-states.ts';
import { listHeads, listVersionsByKey } from '../store/versions.ts';
import { announce } from './announce.ts';
import { findReferrer, inUse } from './delete-versions.ts';
import { getSubject } from './get-subject.ts';
import { getVersion } from './get-version.ts';
import { readSchemas, schemaOf } from './read-schemas.ts';
import type { RegistryDeps } from './registry-deps.ts';
import { assertChangeable } from './scope-terms.ts';

export interface RollbackRequest {
  readonly subject: string;
  /** The version that is to be the latest: a position or a semver. */
  readonly to: string;
  readonly by: string;
  readonly reason?: string | undefined;
  /** Who answers for a rollback that leaves data unreadable. Counts only with `force`. */
  readonly approver?: string | undefined;
  readonly force?: boolean | undefined;
}

export type RollbackOutcome =
  | {
      readonly kind: 'rolled_back';
      readonly latest: SubjectVersion;
      /** Oldest first; empty where nothing was newer. */
      readonly rolledBack: readonly SubjectVersion[];
      readonly report: RollbackReport;
    }
  /** The older schema cannot read data written since, and nobody answers for that. Nothing was done. */
  | { readonly kind: 'unreadable'; readonly report: RollbackReport };

/**
 * Makes an older version the latest again. Versions with greater numbers are deleted and marked; their ids can still be read,
 * and so can the records that carry them. Throws SUBJECT_NOT_FOUND, VERSION_NOT_FOUND, INPUT_INVALID, REFERENCE_IN_USE, CONFLICT by its mode.
 */
export async function rollbackSubject(
  { database, schemas }: RegistryDeps,
  { subject: name, to, by, reason, approver, force = false }: RollbackRequest,
): Promise<RollbackOutcome> {
  return await database.kysely.transaction().execute(async (trx) => {
    await lockSubject(trx, name);
    await assertChangeable(trx, name);
    const here = { database: { kysely: trx } };
    const subject = await getSubject(here, name);
    const latest = await getVersion(here, name, to);
    const newer = (await listHeads(trx, name)).filter(
      (version) => isLive(version) && compareSemver(version.semver, latest.semver) > 0,
    );
    const read = await readSchemas(trx, schemas, [latest, ...newer]);
    const usages = await listUsages(trx, [name]);
    const report = checkRollback(
      schemaOf(read, latest),
      newer.map((head) => ({ version: head.version, schema: schemaOf(read, head) })),
      newer.flatMap((head) =>
        usages
          .filter(({ version }) => version === head.version)
          .map((usage) => ({ usage, schema: schemaOf(read, head) })),
      ),
      subject,
    );
    const isApproved = force && approver !== undefined;
    if (!report.compatible && !isApproved) return { kind: 'unreadable', report };
    const positions = newer.map(({ version }) => version);
    const referrer = await findReferrer(trx, name, positions, { deleted: false });
    if (referrer !== undefined && !isApproved) throw inUse(name, referrer);

    await markDeleted(trx, name, positions, {
      by,
      reason: reason ?? null,
      approver: approver ?? null,
    });
    const rolledBack = await listVersionsByKey(trx, newer);
    await announce(trx, 'rolledBack', newer);
    return { kind: 'rolled_back', latest, rolledBack, report };
  });
}

/** The refusal of a rollback that nobody answers for. */
export function rollbackProblem({ subject, to }: RollbackRequest, report: RollbackReport): Problem {
  const [first] = report.incompatibilities;
  const breach = first === undefined ? '' : `: ${first.message} (${first.kind})`;
  return new Problem(
    'INCOMPATIBLE_SCHEMA',
    `${to} of ${subject} cannot read what was written since${breach}`,
    {
      fix: 'publish a version that reads all of it, or force the rollback and name who approves it',
      extensions: { subject, report },
    },
  );
}
