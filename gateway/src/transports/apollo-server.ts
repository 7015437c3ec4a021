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
import type { GraphQLFormattedError, ValidationRule } from 'graphql';
import type { Executor } from '../execution/create-executor.ts';
import type { RequestContext } from '../execution/request-context.ts';
import type { Graph } from '../graph/create-graph.ts';
import type { GraphSource } from '../graph/graph-source.ts';

type Gateway = ApolloServerOptionsWithGateway<BaseContext>['gateway'];

export interface ApolloServerDeps {
  readonly graphs: GraphSource;
  readonly execute: Executor;
  readonly rules: readonly ValidationRule[];
  readonly maxTokens: number;
  /** Whether errors may say which names the schema has ("Did you mean ..."). */
  readonly hintsInErrors: boolean;
  readonly log: Log;
  /** Told the code of each error that a client is sent. */
  readonly onError: (code: string) => void;
}

/**
 * Apollo Server in front of the graph: parsing, validation, HTTP and CSRF are its own, execution is ours. It reports
 * nothing to anyone, whatever APOLLO_KEY says.
 */
export function createApolloServer(deps: ApolloServerDeps): ApolloServer<RequestContext> {
  const { rules, maxTokens, hintsInErrors, log } = deps;
  return new ApolloServer<RequestContext>({
    gateway: gatewayOf(deps),
    validationRules: [...rules],
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
          const { principal, requestId, signal } = context;
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
            { principal, requestId, signal },
          );
        },
      };
    },
    stop: async () => stopTelling(),
  };
}

/** Puts the request id on every error that has none yet. */
function signErrors(onError: (code: string) => void): ApolloServerPlugin<RequestContext> {
  return {
    async requestDidStart({ contextValue: { requestId } }) {
      return {
        async willSendResponse({ response: { body } }) {
          if (body.kind !== 'single' || body.singleResult.errors === undefined) return;
          body.singleResult.errors = body.singleResult.errors.map((error) => {
            onError(String(error.extensions?.['code']));
            return { ...error, extensions: { ...error.extensions, requestId } };
          });
        },
      };
    },
  };
}

/** Errors that did not come through our executor: Apollo's codes, ours for a limit, INTERNAL for what nobody foresaw. */
function formatOwn(formatted: GraphQLFormattedError, error: unknown, log: Log): GraphQLFormattedError {
  const { code, limit } = formatted.extensions ?? {};
  // Apollo gives every error of validation its own code.
  if (code === 'GRAPHQL_VALIDATION_FAILED' && limit !== undefined) {
    return { ...formatted, extensions: { code: 'OPERATION_TOO_LARGE', limit } };
  }
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
