import { invariant } from '@spine/kernel/invariant';
import { requireRole } from '@spine/platform/auth/authorise';
import { type Connection, pageArgs, toConnection } from '@spine/platform/graphql/connection';
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { listIncidents } from '../../store/incidents.ts';
import type { CdcContext } from './cdc-context.ts';
import { IncidentConnection, IncidentType, toIncidentType } from './incident-types.ts';
import { findRouteType } from './route-resolver.ts';
import { RouteType } from './route-types.ts';

const arg = { first: () => Int, after: () => String, openOnly: () => Boolean } as const;
const openByDefault = { defaultValue: true, description: 'Leaves out what is resolved.' } as const;

@Resolver(() => RouteType)
export class RouteIncidentResolver {
  @FieldResolver(() => IncidentConnection, { description: 'Tables that stand still for a breaking change.' })
  async incidents(
    @Root() route: RouteType,
    @Arg('first', arg.first, { nullable: true }) first: number | null,
    @Arg('after', arg.after, { nullable: true }) after: string | null,
    @Arg('openOnly', arg.openOnly, openByDefault) openOnly: boolean,
    @Ctx() context: CdcContext,
  ): Promise<Connection<IncidentType>> {
    return await findIncidents(context, { first, after, openOnly, route: route.name });
  }
}

@Resolver(() => IncidentType)
export class IncidentResolver {
  @Query(() => IncidentConnection, {
    description: 'Tables that stand still for a breaking change, newest first.',
  })
  async incidents(
    @Arg('first', arg.first, { nullable: true }) first: number | null,
    @Arg('after', arg.after, { nullable: true }) after: string | null,
    @Arg('openOnly', arg.openOnly, openByDefault) openOnly: boolean,
    @Ctx() context: CdcContext,
  ): Promise<Connection<IncidentType>> {
    return await findIncidents(context, { first, after, openOnly });
  }

  @FieldResolver(() => RouteType)
  async route(@Root() incident: IncidentType, @Ctx() context: CdcContext): Promise<RouteType> {
    const route = await findRouteType(context, incident.route.name);
    invariant(route !== null, 'an incident outlived its route');
    return route;
  }
}

async function findIncidents(
  context: CdcContext,
  asked: {
    readonly first: number | null;
    readonly after: string | null;
    readonly openOnly: boolean;
    readonly route?: string;
  },
): Promise<Connection<IncidentType>> {
  requireRole(context.principal, 'viewer', 'operator', 'service');
  const { first, after, ...filter } = asked;
  const page = pageArgs(first, after);
  const behind = page.after?.[0];
  const incidents = await listIncidents(context.database.kysely, {
    ...filter,
    before: behind !== undefined && /^\d{1,18}$/.test(behind) ? BigInt(behind) : null,
    limit: page.limit,
  });
  return toConnection(page, incidents, { node: toIncidentType, keyset: ({ id }) => [String(id)] });
}
