import { invariant } from '@spine/kernel/invariant';
import { Problem } from '@spine/kernel/problem';
import { requireRole } from '@spine/platform/auth/authorise';
import { type Connection, pageArgs, toConnection } from '@spine/platform/graphql/connection';
import { parseBody } from '@spine/platform/http/parse-body';
import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { z } from 'zod';
import type { DeadLetterState } from '../../domain/dead-letter.ts';
import { listDeadLetters } from '../../store/list-dead-letters.ts';
import { findReplay, type Replay } from '../../store/replays.ts';
import { discardDeadLetters, replayDeadLetters } from '../../usecases/replay-dead-letters.ts';
import type { CdcContext } from './cdc-context.ts';
import {
  DeadLetterConnection,
  DeadLetterReplayType,
  DeadLetterStateEnum,
  DeadLetterType,
  DiscardDeadLettersInput,
  ReplayDeadLettersInput,
  ReplayDeadLettersResult,
  ReplayedTableType,
  ReplayRequested,
} from './dead-letter-types.ts';
import { failureOf } from './operation-resolver.ts';
import { OperateRouteResult, RouteOperated } from './operation-types.ts';
import { findRouteType } from './route-resolver.ts';
import { RouteType } from './route-types.ts';

const tables = z.array(z.string().min(1).max(300)).max(1_000).nullish();
const id = z.string().regex(/^\d{1,18}$/, 'no dead letter has such an id');
const replayShape = z.object({
  idempotencyKey: z.string().min(1).max(200),
  route: z.string().min(1).max(200),
  tables,
  dryRun: z.boolean().default(false),
});
const discardShape = z.object({
  idempotencyKey: z.string().min(1).max(200),
  route: z.string().min(1).max(200),
  tables,
  ids: z.array(id).max(1_000).nullish(),
  reason: z.string({ error: 'say why they are given up' }).trim().min(1).max(1_000),
});

/** What was set aside, and what people do about it. */
@Resolver(() => RouteType)
export class DeadLetterResolver {
  @FieldResolver(() => DeadLetterConnection, {
    description: 'What was set aside, in that order: all that waits, or one state.',
  })
  async deadLetterEntries(
    @Root() route: RouteType,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Arg('state', () => DeadLetterStateEnum, { nullable: true }) state: DeadLetterState | null,
    @Ctx() context: CdcContext,
  ): Promise<Connection<DeadLetterType>> {
    requireRole(context.principal, 'viewer', 'operator', 'service');
    const page = pageArgs(first, after);
    const behind = page.after?.[0];
    const letters = await listDeadLetters(context.database.kysely, route.name, {
      state: state ?? null,
      after: behind !== undefined && /^\d{1,18}$/.test(behind) ? BigInt(behind) : null,
      limit: page.limit,
    });
    return toConnection(page, letters, {
      node: (letter) => Object.assign(new DeadLetterType(), { ...letter, id: String(letter.id) }),
      keyset: (letter) => [String(letter.id)],
    });
  }

  @Query(() => DeadLetterReplayType, { nullable: true })
  async deadLetterReplay(
    @Arg('id', () => ID) asked: string,
    @Ctx() context: CdcContext,
  ): Promise<DeadLetterReplayType | null> {
    requireRole(context.principal, 'viewer', 'operator', 'service');
    if (!id.safeParse(asked).success) return null;
    const replay = await findReplay(context.database.kysely, BigInt(asked));
    return replay === undefined ? null : toReplayType(replay);
  }

  @Mutation(() => ReplayDeadLettersResult, {
    description:
      'Delivers dead letters again under the policy of now, key by key in order, each with a decision of its own. Needs the role operator.',
  })
  async replayDeadLetters(
    @Arg('input', () => ReplayDeadLettersInput) input: ReplayDeadLettersInput,
    @Ctx() context: CdcContext,
  ): Promise<typeof ReplayDeadLettersResult> {
    try {
      requireRole(context.principal, 'operator');
      const asked = parseBody(replayShape, input);
      const replayed = await replayDeadLetters(context.database, {
        ...asked,
        tables: asked.tables ?? [],
        principal: context.principal.id,
      });
      const replay = await findReplay(context.database.kysely, replayed);
      invariant(replay !== undefined, 'a replay stands once it is asked for');
      return Object.assign(new ReplayRequested(), { replay: toReplayType(replay) });
    } catch (error) {
      return failureOf(error);
    }
  }

  @Mutation(() => OperateRouteResult, {
    description:
      'Gives dead letters up, with a reason. Rows at the sink may then differ from the source: their tables say DIVERGED until they are copied again. Needs the role operator.',
  })
  async discardDeadLetters(
    @Arg('input', () => DiscardDeadLettersInput) input: DiscardDeadLettersInput,
    @Ctx() context: CdcContext,
  ): Promise<typeof OperateRouteResult> {
    try {
      requireRole(context.principal, 'operator');
      const asked = parseBody(discardShape, input);
      await discardDeadLetters(context.database, {
        ...asked,
        tables: asked.tables ?? [],
        ids: (asked.ids ?? []).map(BigInt),
        principal: context.principal.id,
      });
      const route = await findRouteType(context, asked.route);
      if (route === null) throw new Problem('ROUTE_NOT_FOUND', `there is no route ${asked.route}`);
      return Object.assign(new RouteOperated(), { route });
    } catch (error) {
      return failureOf(error);
    }
  }
}

function toReplayType({ id: of, outcome, ...replay }: Replay): DeadLetterReplayType {
  return Object.assign(new DeadLetterReplayType(), {
    ...replay,
    id: String(of),
    tables: outcome.map((table) => Object.assign(new ReplayedTableType(), table)),
  });
}
