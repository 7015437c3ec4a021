import { maskError } from '@spine/platform/graphql/mask-error';
import type { Log } from '@spine/platform/log/create-log';
import type { Service } from '@spine/platform/service/service';
import { type ExecutionResult, GraphQLError, parse } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { createLru } from '../graph/lru.ts';
import { createStreamIterator, streamEnd } from './stream-iterator.ts';
import type { SubgraphLink, SubgraphRequest, SubgraphResult } from './subgraph-link.ts';
import { SubgraphLost } from './subgraph-lost.ts';
import { untilAborted } from './until-aborted.ts';

/** What the link needs of a service that runs in this process. */
export interface LocalSubgraph extends Pick<Service, 'contextFor'> {
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
    const made = compileQuery(schema, parse(query), operationName ?? '');
    compiled.set(key, made);
    return made;
  }

  function resultOf({ data, errors = [] }: ExecutionResult, requestId: string): SubgraphResult {
    return {
      ...(data !== undefined && { data }),
      ...(errors.length > 0 && {
        errors: errors.map((error) => maskError(ownGraphQLError(error), requestId, log)),
      }),
    };
  }

  async function open(request: SubgraphRequest): Promise<Stream | ExecutionResult> {
    const { principal, requestId, variables } = request;
    const operation = compile(request);
    if (!isCompiledQuery(operation)) return operation;
    if (operation.subscribe === undefined) throw new Error(`${name} was asked to stream a query`);
    return await operation.subscribe(undefined, local.contextFor(principal, requestId), { ...variables });
  }

  return {
    name,
    async execute(request, signal) {
      signal.throwIfAborted();
      const { principal, requestId, variables } = request;
      const operation = compile(request);
      if (!isCompiledQuery(operation)) return resultOf(operation, requestId);
      const answer = operation.query(undefined, local.contextFor(principal, requestId), { ...variables });
      return resultOf(await untilAborted(Promise.resolve(answer), signal), requestId);
    },

    subscribe(request, signal) {
      const opening = open(request);
      // Whoever pulls gets the error.
      opening.catch(() => undefined);
      let refused = false;
      return createStreamIterator<SubgraphResult>(
        async () => {
          if (refused) return streamEnd;
          try {
            const stream = await opening;
            if (!isStream(stream)) {
              refused = true;
              return resultOf(stream, request.requestId);
            }
            const next = await stream.next();
            return next.done ? streamEnd : resultOf(next.value, request.requestId);
          } catch (error) {
            throw new SubgraphLost(name, error);
          }
        },
        {
          signal,
          onEnd: () => {
            opening
              .then((stream) => (isStream(stream) ? stream.return?.() : undefined))
              .catch(() => undefined);
          },
        },
      );
    },

    ready: () => local.ready(),
    close: async () => undefined,
  };
}

type Stream = AsyncIterableIterator<ExecutionResult>;

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
