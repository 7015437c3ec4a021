import { devPrincipal } from '@spine/platform/auth/principal';
import type { Log } from '@spine/platform/log/create-log';
import { createServiceHost } from '@spine/platform/service/create-service-host';
import type { Service } from '@spine/platform/service/service';
import type { GatewayConfig } from './config.ts';
import { createExecutor } from './execution/create-executor.ts';
import { createPlanStore } from './execution/plan-store.ts';
import { createPrepareOperation } from './execution/prepare-operation.ts';
import { createGatewayMetrics } from './gateway-metrics.ts';
import { createGraphSource } from './graph/graph-source.ts';
import { loadGraph } from './graph/load-graph.ts';
import { createLimitRule } from './limits/limit-rule.ts';
import type { SubgraphLink } from './links/subgraph-link.ts';
import { findExampleDataset } from './pages/example-dataset.ts';
import { servePages } from './pages/serve-pages.ts';
import { subgraphStates } from './pages/subgraph-states.ts';
import { createSubscriber } from './subscriptions/create-subscriber.ts';
import type { ResumePolicy } from './subscriptions/resuming-stream.ts';
import { createApolloServer } from './transports/apollo-server.ts';
import { drainWithin } from './transports/drain-within.ts';
import { serveGraphql } from './transports/graphql-route.ts';
import { serveWebSocket } from './transports/websocket.ts';

export interface GatewayDeps {
  /** How each subgraph of the supergraph is reached. The gateway closes them. */
  readonly links: (log: Log) => readonly SubgraphLink[];
  readonly log?: Log;
  readonly policy?: ResumePolicy;
}

/** Puts the front door together over any links: the graph, its transports, the pages, health and metrics. */
export async function createGateway(config: GatewayConfig, deps: GatewayDeps): Promise<Service> {
  const host = createServiceHost({
    name: 'gateway',
    config,
    ...(deps.log !== undefined && { log: deps.log }),
  });
  const { app, log, authenticator } = host;
  try {
    const links = new Map(deps.links(log).map((link) => [link.name, link]));
    for (const link of links.values()) host.defer(() => link.close());
    const graph = loadGraph(config.supergraphFile, [...links.keys()]);
    const graphs = createGraphSource(graph);
    const metrics = createGatewayMetrics(host.metrics, graph.digest);
    for (const link of links.values()) {
      host.probe(link.name, async () => {
        const reason = await link.ready(AbortSignal.timeout(2_000));
        if (reason !== null) throw new Error(reason);
      });
    }

    const rules = [createLimitRule(config.limits, metrics.countRejected)];
    const maxTokens = config.limits.tokens;
    const executorDeps = {
      plans: createPlanStore(),
      links,
      log,
      observe: metrics.observeFetch,
      fetchTimeoutMs: config.fetchTimeoutMs,
    };
    const execute = createExecutor(executorDeps);
    const prepare = createPrepareOperation({ graphs, rules, maxTokens });
    const transport = {
      authenticator,
      prepare,
      execute,
      subscribe: createSubscriber({
        ...executorDeps,
        onLost: metrics.countLost,
        ...(deps.policy !== undefined && { policy: deps.policy }),
      }),
      log,
      allowedOrigins: config.allowedOrigins,
      countStream: metrics.countStream,
      requestTimeoutMs: config.requestTimeoutMs,
    };

    const apollo = createApolloServer({
      graphs,
      execute,
      rules,
      maxTokens,
      hintsInErrors: authenticator.mode === 'dev',
      log,
      onError: metrics.countError,
    });
    drainWithin(app, 3_000);
    await apollo.start();
    host.defer(() => apollo.stop());
    serveGraphql(app, apollo, transport);
    serveWebSocket(app, transport);
    servePages(app, {
      mode: authenticator.mode,
      explorerFolder: config.explorerFolder,
      operationsFolder: config.operationsFolder,
      exampleDataset: () =>
        findExampleDataset(prepare, execute, {
          principal: devPrincipal(),
          requestId: 'explorer',
          signal: AbortSignal.timeout(2_000),
        }),
      subgraphs: () => subgraphStates(links.values()),
    });
    log.info({ event: 'gateway.graph_loaded', digest: graph.digest, subgraphs: graph.subgraphs });
    return await host.finish();
  } catch (error) {
    await host.close().catch((closing: unknown) => log.warn({ event: 'start.not_undone', err: closing }));
    throw error;
  }
}
