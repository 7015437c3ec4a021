import { callerOf } from '@spine/platform/http/request-principal';
import type { Log } from '@spine/platform/log/create-log';
import { createServiceHost } from '@spine/platform/service/create-service-host';
import type { Service } from '@spine/platform/service/service';
import type { Tracing } from '@spine/platform/tracing/create-tracing';
import { serveAudit } from './audit/audit-route.ts';
import type { GatewayConfig } from './config.ts';
import { createExecutor } from './execution/create-executor.ts';
import { createPlanStore } from './execution/plan-store.ts';
import { createPrepareOperation } from './execution/prepare-operation.ts';
import { createGatewayMetrics } from './gateway-metrics.ts';
import { openSupergraph } from './graph/follow-supergraph.ts';
import { keepGraphCurrent } from './graph/keep-graph-current.ts';
import { rememberOperations } from './graph/recent-operations.ts';
import { createSupergraphReader } from './graph/supergraph-config.ts';
import { createVerifySupergraph } from './graph/verify-supergraph.ts';
import { guardedLink } from './links/guarded-link.ts';
import type { SubgraphLink } from './links/subgraph-link.ts';
import { createReadClientHeaders } from './observability/client-headers.ts';
import { createWatchEvent } from './observability/watch-events.ts';
import { watchedExecutor } from './observability/watch-executor.ts';
import { createFollowRequest } from './observability/watch-http.ts';
import { createWatchRequest } from './observability/watch-requests.ts';
import { findExampleDataset } from './pages/example-dataset.ts';
import { servePages } from './pages/serve-pages.ts';
import { subgraphStates } from './pages/subgraph-states.ts';
import { limitFailures } from './rate/limit-failures.ts';
import { behindDoor } from './security/front-door.ts';
import { hardenHttp } from './security/harden-http.ts';
import { secureGateway } from './security/secure-gateway.ts';
import { openGatewayDatabase } from './store/gateway-database.ts';
import { createSubscriber } from './subscriptions/create-subscriber.ts';
import type { ResumePolicy } from './subscriptions/resuming-stream.ts';
import { createApolloServer } from './transports/apollo-server.ts';
import { drainWithin } from './transports/drain-within.ts';
import { serveGraphql } from './transports/graphql-route.ts';
import { createStreamAdmission } from './transports/stream-admission.ts';
import { serveWebSocket } from './transports/websocket.ts';
import { createMemoryUsageStore } from './usage/memory-usage-store.ts';
import { createPostgresUsageStore } from './usage/postgres-usage-store.ts';
import { recordUsage } from './usage/record-usage.ts';
import { serveUsage } from './usage/usage-route.ts';

export interface GatewayDeps {
  /** How each subgraph of the supergraph is reached. The gateway closes them. */
  readonly links: (log: Log) => readonly SubgraphLink[];
  readonly log?: Log;
  /** In place of the configured one. */
  readonly tracing?: Tracing;
  readonly policy?: ResumePolicy;
}

/** Puts the front door together over any links: the graph, its transports, the pages, health and metrics. */
export async function createGateway(config: GatewayConfig, deps: GatewayDeps): Promise<Service> {
  const host = createServiceHost({
    name: 'gateway',
    config,
    bodyLimit: config.http.bodyBytes,
    headerLimit: config.http.headerBytes,
    guardAuthenticator: (inner) => limitFailures(inner, { perMinute: config.rate.failuresPerMinute }),
    ...(deps.log !== undefined && { log: deps.log }),
    ...(deps.tracing !== undefined && { tracing: deps.tracing }),
  });
  const { app, log, authenticator, tracing } = host;
  try {
    const plain = deps.links(log);
    for (const link of plain) host.defer(() => link.close());
    const graphs = await openSupergraph({
      reader: createSupergraphReader(config.supergraph),
      verify: createVerifySupergraph(config.supergraph),
      linked: plain.map(({ name }) => name),
      log,
    });
    host.defer(() => graphs.close());
    const graph = graphs.current();
    const metrics = createGatewayMetrics(host.metrics, graph.digest);
    const guards = { breaker: config.breaker, metrics };
    const links = new Map(plain.map((link) => [link.name, guardedLink(link, guards)]));
    for (const link of links.values()) {
      host.probe(link.name, async () => {
        const reason = await link.ready(AbortSignal.timeout(2_000));
        if (reason !== null) throw new Error(reason);
        const breaker = link.breaker?.() ?? 'closed';
        return breaker === 'closed' ? undefined : { degraded: `its breaker is ${breaker}` };
      });
    }

    const maxTokens = config.limits.tokens;
    const recent = rememberOperations(createPlanStore({ executor: config.executor }));
    const { plans } = recent;
    const database = config.databaseUrl === null ? null : openGatewayDatabase(config.databaseUrl, log);
    host.defer(() => database?.close());
    const { door, guard, auditStore, warm } = secureGateway({ config, host, metrics, plans, database });
    await warm(graph);
    const executorDeps = {
      plans,
      links,
      log,
      fetchTimeoutMs: config.fetchTimeoutMs,
      executor: config.executor,
    };
    const usageStore = database === null ? createMemoryUsageStore() : createPostgresUsageStore(database);
    const usage = recordUsage({ store: usageStore, log });
    host.defer(() => usage.close());
    const watchRequest = createWatchRequest({
      metrics,
      log,
      slowMs: config.slowMs,
      documents: config.traceDocuments,
    });
    const execute = guard.execute(
      usage.execute(watchedExecutor(createExecutor(executorDeps), { watchRequest, tracing })),
    );
    const readHeaders = createReadClientHeaders(config.forwardHeaders);
    const prepare = createPrepareOperation({ graphs, rules: [], maxTokens });
    const admit = behindDoor(door, prepare);
    const transport = {
      authenticator,
      door,
      prepare: admit,
      execute,
      subscribe: guard.subscribe(
        usage.subscribe(
          createSubscriber({
            ...executorDeps,
            graphs,
            renew: guard.renew(admit),
            swapSpreadMs: config.streams.swapSpreadMs,
            watchEvent: createWatchEvent(watchRequest, tracing),
            onLost: () => metrics.countReconnect('lost'),
            onRenewed: metrics.countReconnect,
            onGap: () => metrics.countEvents('gap'),
            onReplayed: () => metrics.countEvents('replayed'),
            onFallen() {
              metrics.countReconnect('catch_up');
              return metrics.catchUp();
            },
            ...(deps.policy !== undefined && { policy: deps.policy }),
          }),
        ),
      ),
      log,
      allowedOrigins: config.allowedOrigins,
      countStream: metrics.countStream,
      streams: config.streams,
      admission: createStreamAdmission(config.streams),
      requestTimeoutMs: config.requestTimeoutMs,
      readHeaders,
      follow: createFollowRequest(app, { watchRequest, metrics, readHeaders }),
    };

    const apollo = createApolloServer({
      graphs,
      execute,
      maxTokens,
      hintsInErrors: authenticator.mode === 'dev',
      log,
      onError: metrics.countError,
    });
    drainWithin(app, 3_000);
    hardenHttp(app, { allowedOrigins: config.allowedOrigins, urlBytes: config.http.urlBytes });
    await apollo.start();
    host.defer(() => apollo.stop());
    serveGraphql(app, apollo, transport);
    serveWebSocket(app, transport);
    serveAudit(app, auditStore);
    serveUsage(app, { store: usageStore, recorder: usage });
    servePages(app, {
      mode: authenticator.mode,
      explorerFolder: config.explorerFolder,
      operationsFolder: config.operationsFolder,
      exampleDataset: async (request) =>
        findExampleDataset(prepare, execute, {
          principal: await authenticator.authenticate(callerOf(request)),
          requestId: 'explorer',
          signal: AbortSignal.timeout(2_000),
        }),
      subgraphs: () => subgraphStates(links.values()),
    });
    keepGraphCurrent(graphs, {
      host,
      everyMs: config.supergraph.pollMs,
      async warm(next) {
        await warm(next);
        await recent.warm(next);
      },
      onSwap: metrics.setSupergraph,
    });
    log.info({ event: 'gateway.graph_loaded', digest: graph.digest, subgraphs: graph.subgraphs });
    return await host.finish();
  } catch (error) {
    await host.close().catch((closing: unknown) => log.warn({ event: 'start.not_undone', err: closing }));
    throw error;
  }
}
