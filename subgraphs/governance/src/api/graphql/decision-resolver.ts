import { requireRole } from '@spine/platform/auth/authorise';
import { mapStream } from '@spine/platform/graphql/map-stream';
import { Cursor } from '@spine/platform/graphql/scalars';
import type { StreamItemFields } from '@spine/platform/graphql/stream-item-types';
import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root, Subscription } from 'type-graphql';
import { readChainHead } from '../../store/ledger.ts';
import { DecisionType, LedgerHead } from './decision-types.ts';
import type { GovernanceContext } from './governance-context.ts';
import { loadDecision } from './loaders.ts';
import { findMatrixVersion } from './matrix-resolver.ts';
import { MatrixVersionType } from './matrix-types.ts';
import { readers } from './readers.ts';
import { toDecision } from './to-graph.ts';
import { DecisionRecorded, DecisionStreamItem, streamTypes } from './violation-types.ts';

interface SubscribeTo {
  readonly args: { readonly after?: string | null };
  readonly context: GovernanceContext;
}

@Resolver(() => DecisionType)
export class DecisionResolver {
  @Query(() => DecisionType, { nullable: true })
  async decision(
    @Arg('id', () => ID) id: string,
    @Ctx() context: GovernanceContext,
  ): Promise<DecisionType | null> {
    requireRole(context.principal, ...readers);
    return await findDecisionType(context, id);
  }

  @Query(() => LedgerHead, { description: 'The end of the hash chain of decisions.' })
  async ledgerHead(@Ctx() context: GovernanceContext): Promise<LedgerHead> {
    requireRole(context.principal, ...readers);
    const { seq, hash, at } = await readChainHead(context.governance.database.kysely);
    return Object.assign(new LedgerHead(), { seq: Number(seq), hash, at });
  }

  @FieldResolver(() => MatrixVersionType, { nullable: true, description: 'The matrix it was decided under.' })
  async matrix(
    @Root() decision: DecisionType,
    @Ctx() context: GovernanceContext,
  ): Promise<MatrixVersionType | null> {
    return await findMatrixVersion(context, decision.matrixVersion);
  }

  @Subscription(() => DecisionStreamItem, {
    description: 'Decisions as they are recorded; with `after`, all since that cursor.',
    subscribe: ({ args, context }: SubscribeTo) => {
      requireRole(context.principal, ...readers);
      return mapStream(
        context.streams.decisions.subscribe({ after: args.after ?? undefined }),
        streamTypes,
        (decisionId, cursor) => Object.assign(new DecisionRecorded(), { cursor, decisionId }),
      );
    },
  })
  decisions(
    @Root() item: StreamItemFields,
    @Arg('after', () => Cursor, { nullable: true }) _after: string | null,
  ): StreamItemFields {
    return item;
  }
}

@Resolver(() => DecisionRecorded)
export class DecisionRecordedResolver {
  @FieldResolver(() => DecisionType, { nullable: true })
  async decision(
    @Root() item: DecisionRecorded,
    @Ctx() context: GovernanceContext,
  ): Promise<DecisionType | null> {
    return await findDecisionType(context, item.decisionId);
  }
}

/** One decision as the graph shows it, or null. */
export async function findDecisionType(context: GovernanceContext, id: string): Promise<DecisionType | null> {
  const record = await loadDecision(context, id);
  return record === undefined ? null : toDecision(record);
}
