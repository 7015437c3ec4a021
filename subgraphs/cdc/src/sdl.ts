import { buildSubgraph, type Subgraph } from '@spine/platform/graphql/build-subgraph';
import { keyText } from '@spine/platform/graphql/entity-key';
import type { CdcContext } from './api/graphql/cdc-context.ts';
import { OperationResolver } from './api/graphql/operation-resolver.ts';
import { DatasetResolver, findRouteType, RouteResolver } from './api/graphql/route-resolver.ts';
import { DatasetType } from './api/graphql/route-types.ts';
import { ScanResolver } from './api/graphql/scan-resolver.ts';

/** The cdc subgraph: Route, and the routes of a Dataset. */
export function buildCdcSubgraph(): Promise<Subgraph> {
  return buildSubgraph<CdcContext>({
    name: 'cdc',
    resolvers: [RouteResolver, OperationResolver, DatasetResolver, ScanResolver],
    orphanedTypes: [DatasetType],
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
