import type { GraphQLDataSource } from '@apollo/gateway';
import { Problem } from '@spine/kernel/problem';
import type { Log } from '@spine/platform/log/create-log';
import type { SubgraphLink } from '../links/subgraph-link.ts';
import { noWatch } from '../observability/request-watch.ts';
import { fetchFailure } from './fetch-failure.ts';
import type { RequestContext } from './request-context.ts';
import { withDeadline } from './with-deadline.ts';

export interface LinkSourceOptions {
  /** How long one fetch may take. */
  readonly timeoutMs: number;
  readonly log: Pick<Log, 'warn'>;
}

/** The data sources of the stock executor for one request: each fetch of the plan goes through its subgraph's link. */
export function linkSources(
  links: Iterable<SubgraphLink>,
  context: RequestContext,
  options: LinkSourceOptions,
): Record<string, GraphQLDataSource> {
  const sources: Record<string, GraphQLDataSource> = {};
  for (const link of links) {
    sources[link.name] = { process: (fetch) => answer(link, fetch, context, options) };
  }
  return sources;
}

async function answer(
  link: SubgraphLink,
  fetch: Parameters<GraphQLDataSource['process']>[0],
  context: RequestContext,
  { timeoutMs, log }: LinkSourceOptions,
): ReturnType<GraphQLDataSource['process']> {
  const { query = '', operationName, variables = {} } = fetch.request;
  const watched = (context.watch ?? noWatch).fetch(link.name);
  try {
    const { principal, requestId, headers } = context;
    const { traceparent } = watched;
    const request = { query, operationName, variables, principal, requestId, headers, traceparent };
    const result = await withDeadline(context.signal, timeoutMs, (signal) => link.execute(request, signal));
    watched.ended(result.errors === undefined ? 'ok' : 'errors');
    return result;
  } catch (error) {
    const problem = problemOf(error, link.name);
    watched.ended(problem.code);
    // The client left: nobody reads the answer, and the subgraph is not to blame.
    if (!context.signal.aborted) {
      log.warn({ event: 'subgraph.no_answer', subgraph: link.name, code: problem.code, err: error });
    }
    const document = 'document' in fetch ? fetch.document : undefined;
    if (document === undefined) throw problem;
    return { errors: fetchFailure({ document, variables }, problem) };
  }
}

/** What a client may know of it: which subgraph, and whether it was too slow or away. */
function problemOf(error: unknown, subgraph: string): Problem {
  const late =
    (error instanceof Problem && error.code === 'TIMEOUT') ||
    (error instanceof DOMException && error.name === 'TimeoutError');
  return late
    ? new Problem('TIMEOUT', `the ${subgraph} service did not answer in time`, { cause: error })
    : new Problem('SERVICE_UNAVAILABLE', `the ${subgraph} service does not answer`, {
        cause: error,
        // When it is asked again, where its breaker is open.
        ...(error instanceof Problem && error.fix !== undefined && { fix: error.fix }),
      });
}
