import type { FastifyInstance } from 'fastify';
import { createAuthenticator } from '../auth/authenticate.ts';
import type { Principal } from '../auth/principal.ts';
import { readTokens } from '../auth/static-tokens.ts';
import type { Subgraph } from '../graphql/build-subgraph.ts';
import { createLoaderCache, type GraphContext } from '../graphql/context.ts';
import { serveSubgraph } from '../graphql/serve-subgraph.ts';
import { createHttpServer } from '../http/create-http-server.ts';
import { listenHttp } from '../http/listen-http.ts';
import { createDisposeStack, type DisposeStack } from '../lifecycle/dispose-stack.ts';
import type { Log } from '../log/create-log.ts';
import type { Metrics } from '../metrics/create-metrics.ts';
import type { Service } from './service.ts';

export interface ServiceParts {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly serviceSecret: string;
  readonly tokensFile: string | null;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly subgraph: Subgraph;
  readonly readiness: Readonly<Record<string, () => Promise<unknown>>>;
  /** What the service's resolvers find in their context beside the shared members. */
  readonly context: object;
  /** Adds the REST routes. */
  readonly routes: (app: FastifyInstance) => void;
  /** Undoes what the service opened, after the server has drained. */
  readonly stack?: DisposeStack;
  readonly bodyLimit?: number;
}

/** Puts a subgraph service together: one Fastify app with REST and GraphQL behind one identity check. */
export async function createService(parts: ServiceParts): Promise<Service> {
  const { name, log } = parts;
  const stack = parts.stack ?? createDisposeStack();
  const authenticator = createAuthenticator({
    tokens: parts.tokensFile === null ? null : readTokens(parts.tokensFile),
    serviceSecret: parts.serviceSecret,
  });
  const app = createHttpServer({ ...parts, authenticator });
  const contextFor = (principal: Principal, requestId: string): GraphContext => ({
    ...parts.context,
    principal,
    requestId,
    log,
    loaders: createLoaderCache(),
  });
  parts.routes(app);
  await serveSubgraph(app, parts.subgraph, { authenticator, log, contextFor });
  stack.defer(() => app.close());

  let address: string | null = null;
  return {
    name,
    app,
    subgraph: parts.subgraph,
    contextFor,
    async listen() {
      address = await listenHttp(app, {
        host: parts.host,
        port: parts.port,
        portVariable: `SPINE_${name.toUpperCase()}_PORT`,
        dev: authenticator.mode === 'dev',
      });
      return address;
    },
    address() {
      if (address === null) throw new Error(`${name} does not listen yet`);
      return address;
    },
    close: () => stack.close(),
  };
}
