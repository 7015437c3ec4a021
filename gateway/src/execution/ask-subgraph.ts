import { Problem } from '@spine/kernel/problem';
import type { Log } from '@spine/platform/log/create-log';
import type { SubgraphLink, SubgraphResult } from '../links/subgraph-link.ts';
import { noWatch } from '../observability/request-watch.ts';
import type { RequestContext } from './request-context.ts';
import { withDeadline } from './with-deadline.ts';

/** One fetch, as the plan has it. */
export interface SubgraphFetch {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
}

export interface AskOptions {
  /** How long one fetch may take. */
  readonly timeoutMs: number;
  readonly log: Pick<Log, 'warn'>;
}

/** Sends one fetch through its link. What went wrong is returned: a Problem that says what a client may know of it. */
export async function askSubgraph(
  link: SubgraphLink,
  { query, operationName, variables }: SubgraphFetch,
  context: RequestContext,
  { timeoutMs, log }: AskOptions,
): Promise<SubgraphResult | Problem> {
  const { principal, requestId, headers, signal } = context;
  const watched = (context.watch ?? noWatch).fetch(link.name);
  try {
    signal.throwIfAborted();
    const { traceparent } = watched;
    const request = { query, operationName, variables, principal, requestId, headers, traceparent };
    const result = await withDeadline(signal, timeoutMs, (ending) => link.execute(request, ending));
    watched.ended(result.errors === undefined ? 'ok' : 'errors');
    return result;
  } catch (error) {
    const problem = problemOf(error, link.name);
    watched.ended(problem.code);
    // The client left: nobody reads the answer, and the subgraph is not to blame.
    if (!signal.aborted) {
      log.warn({ event: 'subgraph.no_answer', subgraph: link.name, code: problem.code, err: error });
    }
    return problem;
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
