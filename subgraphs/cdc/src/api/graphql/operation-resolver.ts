import { Problem } from '@spine/kernel/problem';
import { requireRole } from '@spine/platform/auth/authorise';
import { type Connection, pageArgs, toConnection } from '@spine/platform/graphql/connection';
import { Forbidden, InvalidInput, NotFound, type UserError } from '@spine/platform/graphql/shared-types';
import { parseBody } from '@spine/platform/http/parse-body';
import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';
import { z } from 'zod';
import type { RunOperationKind } from '../../domain/route-operation.ts';
import { listOperations } from '../../store/route-operations.ts';
import { operateRoute } from '../../usecases/operate-route.ts';
import type { CdcContext } from './cdc-context.ts';
import {
  OperateRouteInput,
  OperateRouteResult,
  ResnapshotTablesInput,
  RouteOperated,
  RouteOperationConnection,
  RouteOperationType,
} from './operation-types.ts';
import { findRouteType } from './route-resolver.ts';
import { RouteType } from './route-types.ts';

const shape = z.object({
  idempotencyKey: z.string().min(1).max(200),
  route: z.string().min(1).max(200),
  reason: z.string().trim().min(1).max(1_000).nullish(),
  tables: z.array(z.string().min(1).max(300)).max(1_000).nullish(),
});

/** What people do to routes that run. */
@Resolver(() => RouteType)
export class OperationResolver {
  @Mutation(() => OperateRouteResult, {
    description:
      'The batch under way ends, the slot stays, WAL waits at the source. Needs the role operator.',
  })
  async pauseRoute(
    @Arg('input', () => OperateRouteInput) input: OperateRouteInput,
    @Ctx() context: CdcContext,
  ): Promise<typeof OperateRouteResult> {
    return await operate(context, 'pause', input);
  }

  @Mutation(() => OperateRouteResult, {
    description: 'A paused route goes on after its checkpoint. Needs the role operator.',
  })
  async resumeRoute(
    @Arg('input', () => OperateRouteInput) input: OperateRouteInput,
    @Ctx() context: CdcContext,
  ): Promise<typeof OperateRouteResult> {
    return await operate(context, 'resume', input);
  }

  @Mutation(() => OperateRouteResult, {
    description:
      'Copies tables in full again, each in one transaction of the sink: rows that the source no longer has go. Needs the role operator.',
  })
  async resnapshotTables(
    @Arg('input', () => ResnapshotTablesInput) input: ResnapshotTablesInput,
    @Ctx() context: CdcContext,
  ): Promise<typeof OperateRouteResult> {
    return await operate(context, 'resnapshot', input);
  }

  @FieldResolver(() => RouteOperationConnection, {
    description: 'What people did to the route, newest first.',
  })
  async operations(
    @Root() route: RouteType,
    @Arg('first', () => Int, { nullable: true }) first: number | null,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Ctx() context: CdcContext,
  ): Promise<Connection<RouteOperationType>> {
    requireRole(context.principal, 'viewer', 'operator', 'service');
    const page = pageArgs(first, after);
    const behind = page.after?.[0];
    const operations = await listOperations(context.database.kysely, route.name, {
      before: behind !== undefined && /^\d{1,18}$/.test(behind) ? BigInt(behind) : null,
      limit: page.limit,
    });
    return toConnection(page, operations, {
      node: ({ id, principal, ...operation }) =>
        Object.assign(new RouteOperationType(), { ...operation, id: String(id), by: principal }),
      keyset: ({ id }) => [String(id)],
    });
  }
}

async function operate(
  context: CdcContext,
  kind: RunOperationKind,
  input: OperateRouteInput,
): Promise<typeof OperateRouteResult> {
  try {
    requireRole(context.principal, 'operator');
    const { tables, reason, ...asked } = parseBody(shape, input);
    await operateRoute(context.database, {
      ...asked,
      kind,
      tables: tables ?? [],
      reason: reason ?? null,
      principal: context.principal.id,
    });
    const route = await findRouteType(context, asked.route);
    if (route === null) throw new Problem('ROUTE_NOT_FOUND', `there is no route ${asked.route}`);
    return Object.assign(new RouteOperated(), { route });
  } catch (error) {
    return failureOf(error);
  }
}

/** An expected failure as the graph shows it; anything else is thrown on. */
export function failureOf(error: unknown): NotFound | InvalidInput | Forbidden {
  if (!(error instanceof Problem)) throw error;
  const { code, message } = error;
  const path = error.path === undefined ? null : ['input', error.path];
  const fill = <T extends UserError>(failure: T): T => Object.assign(failure, { code, message, path });
  switch (code) {
    case 'FORBIDDEN':
      return fill(new Forbidden());
    case 'ROUTE_NOT_FOUND':
      return fill(new NotFound());
    case 'INPUT_INVALID':
    case 'CONFLICT':
      return fill(new InvalidInput());
    default:
      throw error;
  }
}
