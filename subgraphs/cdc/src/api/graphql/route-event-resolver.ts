import { Problem } from '@spine/kernel/problem';
import { mapStream } from '@spine/platform/graphql/map-stream';
import { Cursor } from '@spine/platform/graphql/scalars';
import type { StreamItemFields } from '@spine/platform/graphql/stream-item-types';
import type { Stream } from '@spine/platform/stream/create-stream';
import {
  Arg,
  Authorized,
  type ClassType,
  Ctx,
  FieldResolver,
  ID,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { findIncident } from '../../store/incidents.ts';
import type { CdcContext } from './cdc-context.ts';
import { IncidentType, toIncidentType } from './incident-types.ts';
import {
  IncidentOpened,
  IncidentResolved,
  RouteLagChanged,
  RouteStateChanged,
  RouteTableStateChanged,
  streams,
  toLagItem,
  toRouteEventItem,
} from './route-event-types.ts';
import { findRouteType } from './route-resolver.ts';
import { RouteType } from './route-types.ts';

interface SubscribeTo {
  readonly args: { readonly after?: string | null; readonly route?: string | null };
  readonly context: CdcContext;
}

const readers = ['viewer', 'operator', 'service'] as const;

/** What happens to routes, live. */
@Resolver()
export class RouteEventResolver {
  @Authorized(...readers)
  @Subscription(() => streams.interfaces.RouteEventStreamItem, {
    description: 'What becomes of routes, their tables and incidents from now on, or behind a cursor.',
    subscribe: ({ args, context }: SubscribeTo) =>
      mapStream(follow(context.streams.routeEvents, args), streams, toRouteEventItem),
  })
  routeEvents(
    @Root() item: StreamItemFields,
    @Arg('after', () => Cursor, { nullable: true }) _after: string | null,
    @Arg('route', () => ID, { nullable: true, description: 'Of one route alone.' }) _route: string | null,
  ): StreamItemFields {
    return item;
  }

  @Authorized(...readers)
  @Subscription(() => streams.interfaces.RouteLagStreamItem, {
    description: 'How far routes are behind, from now on or behind a cursor; kept for an hour.',
    subscribe: ({ args, context }: SubscribeTo) =>
      mapStream(follow(context.streams.routeLag, args), streams, toLagItem),
  })
  routeLag(
    @Root() item: StreamItemFields,
    @Arg('after', () => Cursor, { nullable: true }) _after: string | null,
    @Arg('route', () => ID, { nullable: true, description: 'Of one route alone.' }) _route: string | null,
  ): StreamItemFields {
    return item;
  }
}

function follow<T extends { readonly route: string }>(
  stream: Stream<T>,
  { after, route }: SubscribeTo['args'],
) {
  return stream.subscribe({
    after: after ?? undefined,
    ...(route != null && { filter: (item: T) => item.route === route, filterKey: `route:${route}` }),
  });
}

/** The route and the incident that an event is about, looked up when they are asked for. */
export const routeEventResolvers = [
  ...[RouteStateChanged, RouteTableStateChanged, RouteLagChanged].map(routeOf),
  ...[IncidentOpened, IncidentResolved].map(incidentOf),
];

function routeOf(eventType: ClassType<{ route: RouteType }>) {
  @Resolver(() => eventType)
  class EventRouteResolver {
    @FieldResolver(() => RouteType)
    async route(@Root() { route }: { route: RouteType }, @Ctx() context: CdcContext): Promise<RouteType> {
      const found = await findRouteType(context, route.name);
      if (found !== null) return found;
      throw new Problem('ROUTE_NOT_FOUND', `route ${route.name} was removed since`);
    }
  }
  return EventRouteResolver;
}

function incidentOf(eventType: ClassType<{ incidentId: number }>) {
  @Resolver(() => eventType)
  class EventIncidentResolver {
    @FieldResolver(() => IncidentType)
    async incident(
      @Root() { incidentId }: { incidentId: number },
      @Ctx() context: CdcContext,
    ): Promise<IncidentType> {
      const incident = await findIncident(context.database.kysely, BigInt(incidentId));
      if (incident !== undefined) return toIncidentType(incident);
      throw new Problem('ROUTE_NOT_FOUND', 'the route of this incident was removed since');
    }
  }
  return EventIncidentResolver;
}
