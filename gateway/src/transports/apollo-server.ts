import {
  ApolloServer,
  type ApolloServerOptionsWithGateway,
  type ApolloServerPlugin,
  type BaseContext,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { Log } from '@spine/platform/log/create-log';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Executor } from '../execution/create-executor.ts';
import type { RequestContext } from '../execution/request-context.ts';
import type { Graph } from '../graph/create-graph.ts';
import type { GraphSource } from '../graph/graph-source.ts';
import { negotiateMedia, responseStatus } from './response-status.ts';

type Gateway = ApolloServerOptionsWithGateway<BaseContext>['gateway'];

export interface ApolloServerDeps {
  readonly graphs: GraphSource;
  readonly execute: Executor;
  readonly maxTokens: number;
  /** Whether errors may say which names the schema has ("Did you mean ..."). */
  readonly hintsInErrors: boolean;
  readonly log: Log;
  /** Told the code of each error that a client is sent. */
  readonly onError: (code: string) => void;
}

/**
 * Apollo Server in front of the graph: parsing, validation and CSRF are its own; limits come before it, execution is ours. It reports
 * nothing to anyone, whatever APOLLO_KEY says.
 */
export function createApolloServer(deps: ApolloServerDeps): ApolloServer<RequestContext> {
  const { maxTokens, hintsInErrors, log } = deps;
  return new ApolloServer<RequestContext>({
    gateway: gatewayOf(deps),
    parseOptions: { maxTokens },
    maxRecursiveSelections: true,
    // Roles decide, per request.
    introspection: true,
    hideSchemaDetailsFromClientErrors: !hintsInErrors,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    logger: loggerOf(log),
    formatError: (formatted, error) => formatOwn(formatted, error, log),
    plugins: [
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      signErrors(deps.onError),
      tellStatus(),
    ],
  });
}

/** The graph as Apollo Server takes one. ApolloGateway would be another (docs/decisions/0012). */
function gatewayOf({ graphs, execute }: ApolloServerDeps): Gateway {
  const listeners = new Set<Parameters<Gateway['onSchemaLoadOrUpdate']>[0]>();
  const tell = ({ schema, sdl }: Graph): void => {
    for (const listener of listeners) listener({ apiSchema: schema, coreSupergraphSdl: sdl });
  };
  let stopTelling = (): void => undefined;
  return {
    onSchemaLoadOrUpdate(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async load() {
      tell(graphs.current());
      stopTelling = graphs.onSwap(tell);
      return {
        executor: async ({ source, document, operation, request, context, schema }) => {
          // Apollo Server asks all the same when operationName names no operation of the document.
          if (operation === undefined) return { errors: [unresolved] };
          const {
            principal,
            requestId,
            signal,
            headers,
            traceparent,
            watch,
            showPlan = false,
            showCost = false,
          } = context;
          const { operationName, variables = {} } = request;
          return await execute(
            {
              graph: graphs.bySchema(schema),
              source,
              document,
              definition: operation,
              operationName,
              variables,
            },
            { principal, requestId, signal, headers, traceparent, watch, showPlan, showCost },
          );
        },
      };
    },
    stop: async () => stopTelling(),
  };
}

const unresolved = new GraphQLError('operationName does not tell which operation to run', {
  extensions: { code: 'OPERATION_RESOLUTION_FAILURE' },
});

/** Puts the request id on every error that has none yet. */
function signErrors(onError: (code: string) => void): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart({ contextValue: { requestId } }) {
      return {
        async willSendResponse({ response: { body } }) {
          if (body.kind !== 'single' || body.singleResult.errors === undefined) return;
          body.singleResult.errors = body.singleResult.errors.map((error) => {
            onError(codeOf(error));
            return { ...error, extensions: { ...error.extensions, requestId } };
          });
        },
      };
    },
  };
}

/** Gives an answer the status of its media type, which the route has settled, and tells when to come back. */
function tellStatus(): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart({ request: { http } }) {
      const media = negotiateMedia(http?.headers.get('accept')) ?? 'application/json';
      return {
        async willSendResponse({ response }) {
          if (response.body.kind !== 'single') return;
          const { errors = [], data } = response.body.singleResult;
          response.http.headers.set('content-type', `${media}; charset=utf-8`);
          const { status } = response.http;
          const code = codeOf(errors[0]);
          if (errors.length > 0 && status !== 405) {
            response.http.status = responseStatus(media, { ran: data !== undefined, code });
          }
          const wait = errors[0]?.extensions?.['retryAfterSeconds'];
          if (typeof wait === 'number') response.http.headers.set('retry-after', String(wait));
        },
      };
    },
  };
}

function codeOf(error: GraphQLFormattedError | undefined): string {
  return String(error?.extensions?.['code']);
}

/** Errors that did not come through our executor: Apollo's codes, INTERNAL for what nobody foresaw. */
function formatOwn(formatted: GraphQLFormattedError, error: unknown, log: Log): GraphQLFormattedError {
  const { code } = formatted.extensions ?? {};
  if (code !== 'INTERNAL_SERVER_ERROR') return formatted;
  log.error({ event: 'graphql.failed', err: error });
  return {
    message: 'an unexpected error; the request id finds its cause in the log',
    extensions: { code: 'INTERNAL' },
  };
}

function loggerOf(log: Log) {
  return {
    debug: (message: unknown) => log.debug({ event: 'apollo.said', message }),
    info: (message: unknown) => log.info({ event: 'apollo.said', message }),
    warn: (message: unknown) => log.warn({ event: 'apollo.said', message }),
    error: (message: unknown) => log.error({ event: 'apollo.said', message }),
  };
}
