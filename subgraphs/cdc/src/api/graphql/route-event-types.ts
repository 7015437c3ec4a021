import { unreachable } from '@spine/kernel/invariant';
import { DateTime } from '@spine/platform/graphql/scalars';
import { StreamItemFields, streamItemTypes } from '@spine/platform/graphql/stream-item-types';
import { Field, ObjectType } from 'type-graphql';
import type { LagSample, RouteEvent } from '../../domain/route-event.ts';
import type { RouteState, TableState } from '../../domain/route-state.ts';
import { IncidentType } from './incident-types.ts';
import { RouteLag, RouteStateEnum, RouteType, TableStateEnum } from './route-types.ts';

/** The types that every stream has, for both streams of cdc. */
export const streams = streamItemTypes('RouteEventStreamItem', 'RouteLagStreamItem');

const ofEvents = { implements: streams.interfaces.RouteEventStreamItem };

@ObjectType({ ...ofEvents, description: 'A route stands elsewhere, or for another reason.' })
export class RouteStateChanged extends StreamItemFields {
  @Field(() => RouteType)
  route!: RouteType;

  @Field(() => RouteStateEnum)
  state!: RouteState;

  @Field(() => String, { nullable: true })
  reason!: string | null;
}

@ObjectType({ ...ofEvents, description: 'A table of a route stands elsewhere, or for another reason.' })
export class RouteTableStateChanged extends StreamItemFields {
  @Field(() => RouteType)
  route!: RouteType;

  @Field(() => String)
  schema!: string;

  @Field(() => String)
  table!: string;

  @Field(() => TableStateEnum)
  state!: TableState;

  @Field(() => String, { nullable: true })
  reason!: string | null;
}

abstract class IncidentEvent extends StreamItemFields {
  /** What the incident is found by; not part of the graph. */
  incidentId!: number;
}

@ObjectType({ ...ofEvents, description: 'A table broke its contract and stands still.' })
export class IncidentOpened extends IncidentEvent {}

@ObjectType({ ...ofEvents, description: 'The contract of a table is kept again.' })
export class IncidentResolved extends IncidentEvent {}

@ObjectType({
  implements: streams.interfaces.RouteLagStreamItem,
  description: 'How far a route is behind; told when it has changed, at most once a second.',
})
export class RouteLagChanged extends StreamItemFields {
  @Field(() => RouteType)
  route!: RouteType;

  @Field(() => RouteLag)
  lag!: RouteLag;

  @Field(() => DateTime)
  at!: Date;
}

/** What only the interfaces name. */
export const routeEventTypes = [
  RouteStateChanged,
  RouteTableStateChanged,
  IncidentOpened,
  IncidentResolved,
  RouteLagChanged,
  IncidentType,
  streams.StreamHeartbeat,
  streams.StreamGap,
  streams.SnapshotComplete,
];

const routeOf = (name: string): RouteType => Object.assign(new RouteType(), { name });

/** An event as the graph shows it. */
export function toRouteEventItem(event: RouteEvent, cursor: string): StreamItemFields {
  switch (event.kind) {
    case 'route_state': {
      const { kind: _, route, ...rest } = event;
      return Object.assign(new RouteStateChanged(), { ...rest, route: routeOf(route), cursor });
    }
    case 'table_state': {
      const { kind: _, route, ...rest } = event;
      return Object.assign(new RouteTableStateChanged(), { ...rest, route: routeOf(route), cursor });
    }
    case 'incident_opened':
      return Object.assign(new IncidentOpened(), { incidentId: event.incident, cursor });
    case 'incident_resolved':
      return Object.assign(new IncidentResolved(), { incidentId: event.incident, cursor });
    default:
      return unreachable(event);
  }
}

/** A sample as the graph shows it. */
export function toLagItem({ route, at, ...lag }: LagSample, cursor: string): StreamItemFields {
  return Object.assign(new RouteLagChanged(), {
    route: routeOf(route),
    lag: Object.assign(new RouteLag(), lag),
    at: new Date(at),
    cursor,
  });
}
