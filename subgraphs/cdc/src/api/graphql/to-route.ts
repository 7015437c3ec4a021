import type { SinkEndpoint, SourceEndpoint } from '../../domain/endpoint.ts';
import type { RouteView } from '../../usecases/find-routes.ts';
import { RouteCheckpoint, RouteEndpoint, RouteLag, RouteType } from './route-types.ts';

/** A route as an instance of its GraphQL class. */
export function toRoute(route: RouteView): RouteType {
  const { lag, checkpoint } = route;
  return Object.assign(new RouteType(), {
    name: route.name,
    owner: route.owner,
    state: route.state,
    stateReason: route.stateReason,
    source: toEndpoint(route.source, route.sourceEndpoint),
    sink: toEndpoint(route.sink, route.sinkEndpoint),
    lag: lag === null ? null : Object.assign(new RouteLag(), lag),
    checkpoint:
      checkpoint === null
        ? null
        : Object.assign(new RouteCheckpoint(), {
            position: checkpoint.position,
            at: new Date(checkpoint.at),
          }),
    rowsApplied: route.rowsApplied,
    worker: route.worker,
  });
}

function toEndpoint(name: string, endpoint: SourceEndpoint | SinkEndpoint | undefined): RouteEndpoint {
  return Object.assign(new RouteEndpoint(), {
    name,
    region: endpoint?.region ?? null,
    namespace: endpoint?.namespace ?? null,
    owner: endpoint?.owner ?? null,
  });
}
