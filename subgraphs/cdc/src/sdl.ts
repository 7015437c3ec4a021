import { buildSubgraph, type Subgraph } from '@spine/platform/graphql/build-subgraph';
import { keyText } from '@spine/platform/graphql/entity-key';
import type { CdcContext } from './api/graphql/cdc-context.ts';
import { DeadLetterResolver } from './api/graphql/dead-letter-resolver.ts';
import { IncidentResolver, RouteIncidentResolver } from './api/graphql/incident-resolver.ts';
import { OperationResolver } from './api/graphql/operation-resolver.ts';
import { RouteEventResolver, routeEventResolvers } from './api/graphql/route-event-resolver.ts';
import { routeEventTypes } from './api/graphql/route-event-types.ts';
import { DatasetResolver, findRouteType, RouteResolver } from './api/graphql/route-resolver.ts';
import { DatasetType } from './api/graphql/route-types.ts';
import { ScanResolver } from './api/graphql/scan-resolver.ts';

/** The cdc subgraph: Route, and the routes of a Dataset. */
export function buildCdcSubgraph(): Promise<Subgraph> {
  return buildSubgraph<CdcContext>({
    name: 'cdc',
    resolvers: [
      RouteResolver,
      OperationResolver,
      DeadLetterResolver,
      DatasetResolver,
      ScanResolver,
      IncidentResolver,
      RouteIncidentResolver,
      RouteEventResolver,
      ...routeEventResolvers,
    ],
    orphanedTypes: [DatasetType, ...routeEventTypes],
    references: {
      Route: (key, context) => findRouteType(context, keyText(key, 'name')),
      Dataset: (key) =>
        Object.assign(new DatasetType(), {
          namespace: keyText(key, 'namespace'),
          name: keyText(key, 'name'),
        }),
    },
  });
}
