import { requireRole } from '@spine/platform/auth/authorise';
import { type Connection, pageArgs, toConnection } from '@spine/platform/graphql/connection';
import { Cursor } from '@spine/platform/graphql/scalars';
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { findNewestMatrix, listMatrices } from '../../store/matrices.ts';
import type { GovernanceContext } from './governance-context.ts';
import { keysetNumber } from './keyset-number.ts';
import { loadActiveMatrix, loadMatrix } from './loaders.ts';
import {
  type MatrixStatus,
  MatrixStatusEnum,
  MatrixVersionConnection,
  MatrixVersionType,
} from './matrix-types.ts';
import { readers } from './readers.ts';
import { toMatrixVersion } from './to-graph.ts';

@Resolver(() => MatrixVersionType)
export class MatrixResolver {
  @Query(() => MatrixVersionType, {
    nullable: true,
    description: 'A version of the matrix; without a number the one in force.',
  })
  async matrix(
    @Arg('version', () => Int, { nullable: true }) version: number | null,
    @Ctx() context: GovernanceContext,
  ): Promise<MatrixVersionType | null> {
    requireRole(context.principal, ...readers);
    const wanted = version ?? (await loadActiveMatrix(context))?.version;
    return wanted === undefined ? null : await findMatrixVersion(context, wanted);
  }

  @Query(() => MatrixVersionConnection, { description: 'Every version, newest first.' })
  async matrixVersions(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => Cursor, { nullable: true }) after: string | null,
    @Ctx() context: GovernanceContext,
  ): Promise<Connection<MatrixVersionType>> {
    requireRole(context.principal, ...readers);
    const page = pageArgs(first, after);
    const before = page.after === undefined ? null : Number(keysetNumber(page.after[0]));
    const heads = await listMatrices(context.governance.database.kysely, { before, limit: page.limit });
    return toConnection(page, heads, {
      node: toMatrixVersion,
      keyset: (head) => [String(head.version)],
    });
  }

  @FieldResolver(() => MatrixStatusEnum)
  async status(@Root() matrix: MatrixVersionType, @Ctx() context: GovernanceContext): Promise<MatrixStatus> {
    const active = await loadActiveMatrix(context);
    if (active?.version === matrix.version) return 'ACTIVE';
    if (matrix.signedAt !== null) return 'SUPERSEDED';
    const newest = await context.loaders.get('governance.newest', () =>
      findNewestMatrix(context.governance.database.kysely),
    );
    return newest?.version === matrix.version ? 'DRAFT' : 'SUPERSEDED';
  }
}

/** One version as the graph shows it, or null. */
export async function findMatrixVersion(
  context: GovernanceContext,
  version: number,
): Promise<MatrixVersionType | null> {
  const head = await loadMatrix(context, version);
  return head === undefined ? null : toMatrixVersion(head);
}
