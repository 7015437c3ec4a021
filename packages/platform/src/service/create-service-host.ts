import { invariant } from '@spine/kernel/invariant';
import type { FastifyInstance } from 'fastify';
import { type Authenticator, createAuthenticator } from '../auth/authenticate.ts';
import { createOidcVerifier } from '../auth/oidc-verifier.ts';
import type { Principal } from '../auth/principal.ts';
import { createTokenFile } from '../auth/token-file.ts';
import type { IdentityConfig } from '../config/identity-config.ts';
import type { TracingConfig } from '../config/tracing-config.ts';
import type { Subgraph } from '../graphql/build-subgraph.ts';
import { createGraphContext, type GraphContext } from '../graphql/context.ts';
import { serveSubgraph } from '../graphql/serve-subgraph.ts';
import { createHttpServer } from '../http/create-http-server.ts';
import { listen } from '../http/listen.ts';
import { readTlsFiles } from '../http/tls-files.ts';
import { createDisposeStack } from '../lifecycle/dispose-stack.ts';
import { createLog, type Log, type LogLevel } from '../log/create-log.ts';
import { createMetrics, type Metrics } from '../metrics/create-metrics.ts';
import { createTracing, type Tracing } from '../tracing/create-tracing.ts';
import type { Service } from './service.ts';

/** The part of a service's configuration that every service has. */
export interface HostConfig extends IdentityConfig {
  readonly host: string;
  readonly port: number;
  readonly logLevel: LogLevel;
  /** Off unless given. */
  readonly tracing?: TracingConfig;
}

export interface ServiceHostOptions {
  /** `registry`: also names the port's variable, SPINE_REGISTRY_PORT. */
  readonly name: string;
  readonly config: HostConfig;
  readonly log?: Log;
  /** In place of the configured one. */
  readonly tracing?: Tracing;
  readonly bodyLimit?: number;
  /** Largest headers of a request in bytes; Node's 16 KiB by default. */
  readonly headerLimit?: number;
  /** Stands before the authenticator, on every transport. */
  readonly guardAuthenticator?: (authenticator: Authenticator) => Authenticator;
}

/** What a service hangs its routes, probes and clean-up on until it is complete. */
export interface ServiceHost {
  readonly app: FastifyInstance;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly authenticator: Authenticator;
  /** Adds what `/readyz` asks. */
  probe(name: string, check: () => unknown): void;
  /** Adds what is closed after the server, the last added first. */
  defer(close: () => unknown): void;
  /** The finished service; with a subgraph it answers GraphQL, in the context that `createContext` makes of the common one. */
  finish(graph?: ServiceGraph): Promise<Service>;
  /** Undoes an unfinished start. */
  close(): Promise<void>;
}

export interface ServiceGraph {
  readonly subgraph: Subgraph;
  readonly createContext: (base: GraphContext) => GraphContext;
}

/** Makes the parts that are the same in every service: log, metrics, authentication, HTTP server, readiness, closing. */
export function createServiceHost({ name, config, ...given }: ServiceHostOptions): ServiceHost {
  const { bodyLimit, headerLimit, guardAuthenticator = (authenticator) => authenticator } = given;
  const log = given.log ?? createLog({ service: name, level: config.logLevel });
  const metrics = createMetrics(name);
  const tracing = given.tracing ?? createTracing({ service: name, url: null, ...config.tracing });
  const { tokensFile, oidc = null, serverTls = null } = config;
  const authenticator = guardAuthenticator(
    createAuthenticator({
      tokens: tokensFile === null ? null : createTokenFile({ file: tokensFile, log }),
      oidc: oidc === null ? null : createOidcVerifier(oidc),
      serviceSecret: config.serviceSecret,
    }),
  );
  const probes: Record<string, () => unknown> = {};
  const stack = createDisposeStack({ deadlineMs: 15_000 });
  stack.defer(() => tracing.close());
  const app = createHttpServer({
    name,
    log,
    metrics,
    tracing,
    authenticator,
    readiness: probes,
    tls: serverTls === null ? null : readTlsFiles(serverTls),
    ...(bodyLimit === undefined ? {} : { bodyLimit }),
    ...(headerLimit === undefined ? {} : { headerLimit }),
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    // The server goes first, whatever was deferred when: nobody is answered by a half closed service.
    closing ??= Promise.resolve().then(async () => {
      stack.defer(() => app.close());
      await stack.close();
      log.debug({ event: 'service.closed' });
    });
    return closing;
  };

  return {
    app,
    log,
    metrics,
    tracing,
    authenticator,
    probe(probeName, check) {
      probes[probeName] = check;
    },
    defer: (dispose) => stack.defer(dispose),
    close,
    async finish(graph) {
      const contextFor = (principal: Principal, requestId: string): GraphContext => {
        const base = createGraphContext({ principal, requestId, log: log.child({ requestId }) });
        return graph === undefined ? base : graph.createContext(base);
      };
      if (graph !== undefined) await serveSubgraph(app, graph.subgraph, { createContext: contextFor });
      await Promise.all([app.ready(), tracing.ready]);
      let url: string | undefined;
      return {
        name,
        app,
        ...(graph === undefined ? {} : { subgraph: graph.subgraph }),
        contextFor,
        tracing,
        async listen() {
          const variable = `SPINE_${name.toUpperCase()}_PORT`;
          url = await listen(app, {
            host: config.host,
            port: config.port,
            variable,
            mode: authenticator.mode,
          });
          log.info({ event: 'service.listening', url, mode: authenticator.mode });
          if (authenticator.mode === 'dev') {
            log.info({
              event: 'auth.dev_mode',
              meaning: 'no authentication: every caller on this machine is admin',
            });
          }
        },
        address() {
          invariant(url !== undefined, `${name} does not listen yet`);
          return url;
        },
        close,
      };
    },
  };
}
