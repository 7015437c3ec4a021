import { maskErrors } from '@spine/platform/graphql/mask-errors';
import type { Log } from '@spine/platform/log/create-log';
import { createLru } from '@spine/platform/lru';
import type { Service } from '@spine/platform/service/service';
import { withSpan } from '@spine/platform/tracing/active-span';
import {
  type ExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
  parse,
  subscribe,
  validate,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { isQuery } from './is-query.ts';
import { createStreamIterator, streamEnd } from './stream-iterator.ts';
import type { SubgraphLink, SubgraphRequest, SubgraphResult } from './subgraph-link.ts';
import { untilAborted } from './until-aborted.ts';

/** What the link needs of a service that runs in this process. */
export interface LocalSubgraph extends Pick<Service, 'contextFor' | 'tracing'> {
  readonly subgraph: Pick<NonNullable<Service['subgraph']>, 'name' | 'schema'>;
  /** Why it would not answer now; null when it would. */
  ready(): Promise<string | null>;
}

const compiledKept = 1000;

/**
 * Reaches a subgraph in this process: operations are compiled once (graphql-jit) and called as functions. The principal
 * is handed over as it is; the service makes its context of it as it does for a request over HTTP, so the same checks apply.
 */
export function createInProcessLink(local: LocalSubgraph, log: Log): SubgraphLink {
  const { name, schema } = local.subgraph;
  // The planner puts the client's operation name into its texts: their number is the client's to choose.
  const compiled = createLru<string, CompiledQuery | ExecutionResult>(compiledKept);

  function compile({ query, operationName }: SubgraphRequest): CompiledQuery | ExecutionResult {
    const key = `${operationName ?? ''}\n${query}`;
    const known = compiled.get(key);
    if (known !== undefined) return known;
    const document = parse(query);
    // The compiler skips what it does not know: a supergraph of other code would lose fields without a word.
    const faults = validate(schema, document);
    const made = faults.length > 0 ? { errors: faults } : compileQuery(schema, document, operationName ?? '');
    compiled.set(key, made);
    return made;
  }

  function formatted(errors: readonly unknown[], requestId: string): readonly GraphQLFormattedError[] {
    const own = errors.map((error) => (error instanceof GraphQLError ? ownGraphQLError(error) : error));
    return maskErrors(own, { requestId, log }).map((error) => error.toJSON());
  }

  function resultOf({ data, errors = [] }: ExecutionResult, requestId: string): SubgraphResult {
    return {
      ...(data !== undefined && { data }),
      ...(errors.length > 0 && { errors: formatted(errors, requestId) }),
    };
  }

  function run(operation: CompiledQuery, { principal, requestId, variables }: SubgraphRequest) {
    return operation.query(undefined, local.contextFor(principal, requestId), variables);
  }

  /** With the span that a request over HTTP would have. */
  async function runTraced(operation: CompiledQuery, request: SubgraphRequest, signal: AbortSignal) {
    const { traceparent, operationName } = request;
    const span = local.tracing.start(isQuery(request.query) ? 'query' : 'mutation', {
      kind: 'server',
      parent: traceparent,
      ...(operationName !== undefined && { attributes: { 'graphql.operation.name': operationName } }),
    });
    try {
      return await untilAborted(Promise.resolve(withSpan(span, () => run(operation, request))), signal);
    } finally {
      span.end();
    }
  }

  // graphql-jit 0.8.9 would give the stream's resolver the variables in place of its arguments (docs/decisions/0014).
  async function open(request: SubgraphRequest): Promise<Stream | ExecutionResult> {
    const { query, operationName, principal, requestId, variables } = request;
    return await subscribe({
      schema,
      document: parse(query),
      operationName: operationName ?? null,
      variableValues: variables,
      contextValue: local.contextFor(principal, requestId),
    });
  }

  return {
    name,
    remote: false,
    async execute(request, signal) {
      signal.throwIfAborted();
      const operation = compile(request);
      if (!isCompiledQuery(operation)) return resultOf(operation, request.requestId);
      const answer = local.tracing.on ? await runTraced(operation, request, signal) : run(operation, request);
      const result = answer instanceof Promise ? await untilAborted(answer, signal) : answer;
      return resultOf(result, request.requestId);
    },

    subscribe(request, signal) {
      const opening = open(request);
      // Whoever pulls gets the error.
      opening.catch(() => undefined);
      let over = false;
      const refuse = (errors: readonly unknown[]): SubgraphResult => {
        over = true;
        return { errors: formatted(errors, request.requestId) };
      };
      return createStreamIterator<SubgraphResult>(
        async () => {
          if (over) return streamEnd;
          try {
            const stream = await opening;
            if (!isStream(stream)) return refuse(stream.errors ?? []);
            const next = await stream.next();
            return next.done === true ? streamEnd : resultOf(next.value, request.requestId);
          } catch (error) {
            // As over a socket: a source that fails ends its stream with an error that says no more than it may.
            return refuse([error]);
          }
        },
        {
          signal,
          onEnd: () => {
            opening.then((stream) => (isStream(stream) ? stream.return() : undefined)).catch(() => undefined);
          },
        },
      );
    },

    ready: () => local.ready(),
    close: async () => undefined,
  };
}

type Stream = AsyncGenerator<ExecutionResult, void, void>;

function isStream(value: Stream | ExecutionResult): value is Stream {
  return Symbol.asyncIterator in value;
}

/** graphql-jit makes errors of its own kind, which lack members that graphql's have. */
function ownGraphQLError({ message, path, originalError, extensions }: GraphQLError): GraphQLError {
  return new GraphQLError(message, {
    ...(path != null && { path }),
    ...(originalError != null && { originalError }),
    ...(extensions != null && { extensions }),
  });
}
