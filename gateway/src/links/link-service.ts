import { invariant } from '@spine/kernel/invariant';
import type { Log } from '@spine/platform/log/create-log';
import type { Service } from '@spine/platform/service/service';
import { createInProcessLink } from './in-process-link.ts';
import type { SubgraphLink } from './subgraph-link.ts';

/** The link to a service that runs in this process. */
export function linkService({ name, subgraph, app, contextFor, tracing }: Service, log: Log): SubgraphLink {
  invariant(subgraph !== undefined, `${name} has no subgraph`);
  return createInProcessLink(
    {
      subgraph,
      contextFor,
      tracing,
      async ready() {
        const { statusCode } = await app.inject({ method: 'GET', url: '/readyz' });
        return statusCode === 200 ? null : `${name} is not ready`;
      },
    },
    log,
  );
}
