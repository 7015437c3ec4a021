import { canonicalJson, sha256Hex } from '@spine/kernel/canonical-json';
import { Problem } from '@spine/kernel/problem';
import { parsePolicyDocument } from '@spine/kernel/residency/parse-policy-document';
import type { PolicyDocument } from '@spine/kernel/residency/policy-document';
import { sql } from 'kysely';
import type { PolicyChange } from '../domain/diff-policies.ts';
import type { GovernanceDb, GovernanceTransaction } from './governance-tables.ts';

/** A matrix version without its document. */
export interface MatrixHead {
  readonly version: number;
  readonly digest: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly changes: readonly PolicyChange[];
  readonly signature: { readonly by: string; readonly role: string; readonly at: Date } | null;
}

const headColumns = [
  'matrix_version.version as version',
  'matrix_version.digest as digest',
  'matrix_version.created_at as created_at',
  'matrix_version.created_by as created_by',
  'matrix_version.changes as changes',
  'matrix_signature.signed_by as signed_by',
  'matrix_signature.role as role',
  'matrix_signature.signed_at as signed_at',
] as const;

function selectHeads(db: GovernanceDb) {
  return db
    .selectFrom('matrix_version')
    .leftJoin('matrix_signature', 'matrix_signature.version', 'matrix_version.version')
    .select(headColumns);
}

type HeadRow = Awaited<ReturnType<ReturnType<typeof selectHeads>['executeTakeFirstOrThrow']>>;

/** Holds off other changes of the matrix until the transaction ends. */
export async function lockMatrix(trx: GovernanceTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('governance.matrix', 0))`.execute(trx);
}

/** The version in force: the newest that is signed. Null while none is. */
export async function findActiveVersion(
  db: GovernanceDb,
): Promise<{ readonly version: number; readonly digest: string } | null> {
  const row = await db
    .selectFrom('matrix_signature')
    .innerJoin('matrix_version', 'matrix_version.version', 'matrix_signature.version')
    .select(['matrix_version.version as version', 'matrix_version.digest as digest'])
    .orderBy('matrix_signature.version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** The newest version, signed or not. */
export async function findNewestMatrix(db: GovernanceDb): Promise<MatrixHead | undefined> {
  const row = await selectHeads(db).orderBy('matrix_version.version', 'desc').limit(1).executeTakeFirst();
  return row && headOf(row);
}

/** The versions among those asked for, by number. */
export async function findMatrices(
  db: GovernanceDb,
  versions: readonly number[],
): Promise<ReadonlyMap<number, MatrixHead>> {
  const rows = await selectHeads(db).where('matrix_version.version', 'in', versions).execute();
  return new Map(rows.map((row) => [row.version, headOf(row)]));
}

/** Versions, newest first, before `before`. */
export async function listMatrices(
  db: GovernanceDb,
  page: { readonly before: number | null; readonly limit: number },
): Promise<readonly MatrixHead[]> {
  const rows = await selectHeads(db)
    .$if(page.before !== null, (query) => query.where('matrix_version.version', '<', page.before ?? 0))
    .orderBy('matrix_version.version', 'desc')
    .limit(page.limit)
    .execute();
  return rows.map(headOf);
}

/** The document of a version. Throws LEDGER_BROKEN when it is not what its digest says: then nothing may flow under it. */
export async function getDocument(db: GovernanceDb, version: number): Promise<PolicyDocument> {
  const row = await db
    .selectFrom('matrix_version')
    .select(['document', 'digest'])
    .where('version', '=', version)
    .executeTakeFirst();
  if (row === undefined) throw new Problem('NOT_FOUND', `there is no matrix version ${version}`);
  if (digestOf(row.document) !== row.digest) {
    throw new Problem(
      'LEDGER_BROKEN',
      `the document of matrix version ${version} is not the one that was signed`,
      {
        fix: 'Apply the intended spine.yaml as a new version, and find out who changed the table.',
      },
    );
  }
  return parsePolicyDocument(row.document);
}

/** The content address of a document. */
export function digestOf(document: object): string {
  return sha256Hex(canonicalJson(document));
}

/** Stores a version, unsigned. */
export async function insertMatrix(
  trx: GovernanceTransaction,
  matrix: {
    readonly version: number;
    readonly digest: string;
    readonly document: PolicyDocument;
    readonly changes: readonly PolicyChange[];
    readonly by: string;
    readonly at: Date;
  },
): Promise<void> {
  await trx
    .insertInto('matrix_version')
    .values({
      version: matrix.version,
      digest: matrix.digest,
      document: JSON.stringify(matrix.document),
      changes: JSON.stringify(matrix.changes),
      created_at: matrix.at,
      created_by: matrix.by,
    })
    .execute();
}

/** Records a signature; the version is in force from the commit on. */
export async function insertSignature(
  trx: GovernanceTransaction,
  signature: { readonly version: number; readonly by: string; readonly role: string; readonly at: Date },
): Promise<void> {
  await trx
    .insertInto('matrix_signature')
    .values({
      version: signature.version,
      signed_by: signature.by,
      role: signature.role,
      signed_at: signature.at,
    })
    .execute();
}

function headOf(row: HeadRow): MatrixHead {
  const { signed_by: by, role, signed_at: at } = row;
  return {
    version: row.version,
    digest: row.digest,
    createdAt: row.created_at,
    createdBy: row.created_by,
    changes: row.changes,
    signature: by === null || role === null || at === null ? null : { by, role, at },
  };
}
