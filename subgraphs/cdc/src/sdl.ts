import { buildSubgraph, type Subgraph } from '@spine/platform/graphql/build-subgraph';
import type { CdcContext } from './api/graphql/cdc-context.ts';
import { DatasetResolver, findRouteType, RouteResolver } from './api/graphql/route-resolver.ts';
import { DatasetType } from './api/graphql/route-types.ts';

/** The cdc subgraph: Route, and the routes of a Dataset. */
export function buildCdcSubgraph(): Promise<Subgraph> {
  return buildSubgraph({
    name: 'cdc',
    resolvers: [RouteResolver, DatasetResolver],
    orphanedTypes: [DatasetType],
    references: {
      Route: (reference: { name: string }, context: CdcContext) => findRouteType(context, reference.name),
      Dataset: (reference: { namespace: string; name: string }) =>
        Object.assign(new DatasetType(), { namespace: reference.namespace, name: reference.name }),
    },
  });
}
