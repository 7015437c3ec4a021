import { requireRole } from '@spine/platform/auth/authorise';
import { type Connection, pageArgs, toConnection } from '@spine/platform/graphql/connection';
import { mapStream } from '@spine/platform/graphql/map-stream';
import { Cursor } from '@spine/platform/graphql/scalars';
import { PageInfo } from '@spine/platform/graphql/shared-types';
import type { StreamItemFields } from '@spine/platform/graphql/stream-item-types';
import { pinnedSnapshot } from '@spine/platform/stream/pinned-snapshot';
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { ViolationEvent } from '../../domain/follow-violations.ts';
import { listStandingViolations } from '../../store/violations.ts';
import { findDecisionType } from './decision-resolver.ts';
import { DecisionType } from './decision-types.ts';
import type { GovernanceContext } from './governance-context.ts';
import { keysetNumber } from './keyset-number.ts';
import { loadViolation } from './loaders.ts';
import { readers } from './readers.ts';
import { toViolation, toViolationItem } from './to-graph.ts';
import {
  streamTypes,
  ViolationConnection,
  ViolationEventPage,
  ViolationStreamItem,
  ViolationType,
} from './violation-types.ts';

/** Most violations with which a subscription begins; those that stand longest come first. */
const mostOpen = 10_000;

interface SubscribeTo {
  readonly args: { readonly after?: string | null; readonly includeOpen?: boolean | null };
  readonly context: GovernanceContext;
}

@Resolver(() => ViolationType)
export class ViolationResolver {
  @Query(() => ViolationType, { nullable: true })
  async violation(
    @Arg('id', () => ID) id: string,
    @Ctx() context: GovernanceContext,
  ): Promise<ViolationType | null> {
    requireRole(context.principal, ...readers);
    return await findViolationType(context, id);
  }

  @Query(() => ViolationConnection, { description: 'Violations that are not resolved, oldest first.' })
  async openViolations(
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => Cursor, { nullable: true }) after: string | null,
    @Ctx() context: GovernanceContext,
  ): Promise<Connection<ViolationType>> {
    requireRole(context.principal, ...readers);
    const page = pageArgs(first, after);
    const rows = await listStandingViolations(context.governance.database.kysely, {
      after: page.after === undefined ? 0n : keysetNumber(page.after[0]),
      limit: page.limit,
    });
    return toConnection(page, rows, {
      node: ({ violation }) => toViolation(violation),
      keyset: ({ number }) => [String(number)],
    });
  }

  @Query(() => ViolationEventPage, {
    description: 'The stream of violations as a plain list; its cursors are those of the subscription.',
  })
  async violationEvents(
    @Arg('after', () => Cursor, { nullable: true }) after: string | null,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Ctx() context: GovernanceContext,
  ): Promise<ViolationEventPage> {
    requireRole(context.principal, ...readers);
    const { size } = pageArgs(first, undefined);
    const page = await context.streams.violations.read({ after: after ?? undefined, first: size });
    return Object.assign(new ViolationEventPage(), {
      nodes: page.events.map(({ value, cursor }) => toViolationItem(value, cursor)),
      pageInfo: Object.assign(new PageInfo(), {
        hasNextPage: page.hasMore,
        hasPreviousPage: after !== null,
        startCursor: page.events[0]?.cursor ?? null,
        endCursor: page.endCursor,
      }),
    });
  }

  @FieldResolver(() => DecisionType, { nullable: true, description: 'The denial that opened it.' })
  async firstDecision(
    @Root() violation: ViolationType,
    @Ctx() context: GovernanceContext,
  ): Promise<DecisionType | null> {
    return await findDecisionType(context, violation.firstDecisionId);
  }

  @FieldResolver(() => DecisionType, { nullable: true, description: 'The latest denial counted.' })
  async lastDecision(
    @Root() violation: ViolationType,
    @Ctx() context: GovernanceContext,
  ): Promise<DecisionType | null> {
    return await findDecisionType(context, violation.lastDecisionId);
  }

  @Subscription(() => ViolationStreamItem, {
    description:
      'Violations as they are raised and change. `includeOpen` begins with those that stand; with `after` it is ignored.',
    subscribe: ({ args, context }: SubscribeTo) => {
      requireRole(context.principal, ...readers);
      const { database } = context.governance;
      const standing = pinnedSnapshot(database, async (trx): Promise<readonly ViolationEvent[]> => {
        const rows = await listStandingViolations(trx, { after: 0n, limit: mostOpen });
        return rows.map(({ violation }) => ({ type: 'raised', violation }));
      });
      return mapStream(
        context.streams.violations.subscribe({
          after: args.after ?? undefined,
          ...(args.includeOpen === true && { snapshot: standing }),
        }),
        streamTypes,
        toViolationItem,
      );
    },
  })
  violations(
    @Root() item: StreamItemFields,
    @Arg('after', () => Cursor, { nullable: true }) _after: string | null,
    @Arg('includeOpen', () => Boolean, { nullable: true, defaultValue: false }) _includeOpen: boolean | null,
  ): StreamItemFields {
    return item;
  }
}

/** One violation as the graph shows it, or null. */
export async function findViolationType(
  context: GovernanceContext,
  id: string,
): Promise<ViolationType | null> {
  const record = await loadViolation(context, id);
  return record === undefined ? null : toViolation(record);
}
