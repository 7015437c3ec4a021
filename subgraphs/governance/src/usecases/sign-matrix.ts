import type { GovernanceTransaction } from '../store/governance-tables.ts';
import {
  findMatrices,
  findNewestMatrix,
  insertSignature,
  lockMatrix,
  type MatrixHead,
} from '../store/matrices.ts';

export type SignOutcome =
  | { readonly kind: 'signed'; readonly version: number }
  | { readonly kind: 'not-found' }
  /** The digest is not the one that was reviewed, or a newer draft stands. */
  | { readonly kind: 'refused'; readonly message: string };

/**
 * Signs a draft: it is in force from the commit on. Only the newest version can be signed, and only under the digest that
 * was reviewed; signing it twice is signing it once.
 */
export async function signMatrix(
  trx: GovernanceTransaction,
  input: { readonly version: number; readonly digest: string; readonly by: string; readonly role: string },
  at: Date,
): Promise<SignOutcome> {
  const { version, digest, by, role } = input;
  await lockMatrix(trx);
  const matrix: MatrixHead | undefined = (await findMatrices(trx, [version])).get(version);
  if (matrix === undefined) return { kind: 'not-found' };
  if (matrix.digest !== digest) {
    return { kind: 'refused', message: `the digest of version ${version} is another: review it first` };
  }
  if (matrix.signature !== null) return { kind: 'signed', version };
  const newest = await findNewestMatrix(trx);
  if (newest !== undefined && newest.version !== version) {
    return { kind: 'refused', message: `version ${newest.version} has replaced this draft` };
  }
  await insertSignature(trx, { version, by, role, at });
  return { kind: 'signed', version };
}
