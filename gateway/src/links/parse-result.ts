import { Problem } from '@spine/kernel/problem';
import type { GraphQLFormattedError } from 'graphql';
import { isRecord } from './is-record.ts';
import type { SubgraphResult } from './subgraph-link.ts';

/** Reads what a subgraph answered; anything but a result of GraphQL is an outage of that subgraph. */
export function parseResult(name: string, status: number, text: string): SubgraphResult {
  const result = resultOf(parseJson(text));
  if (result === undefined) {
    throw new Problem('SERVICE_UNAVAILABLE', `${name} answered with status ${status} and no result`, {
      extensions: { peerStatus: status },
    });
  }
  return result;
}

/** Reads an event of a stream; one of another shape becomes an error in its place. */
export function parseEvent(event: unknown): SubgraphResult {
  return resultOf(event) ?? { data: null, errors: [{ message: 'the event is not a result of GraphQL' }] };
}

function resultOf(answer: unknown): SubgraphResult | undefined {
  if (!isRecord(answer)) return undefined;
  const { data, errors } = answer;
  const hasErrors = Array.isArray(errors);
  if (data === undefined ? !hasErrors : data !== null && !isRecord(data)) return undefined;
  return {
    // A copy at the top is enough: what lies below came off the wire for this request alone.
    ...(data !== undefined && { data: data === null ? null : { ...data } }),
    ...(hasErrors && { errors: errors.map(parseError) }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An error of outside, reduced to the members that GraphQL knows. */
export function parseError(error: unknown): GraphQLFormattedError {
  const { message, path, extensions } = isRecord(error) ? error : {};
  return {
    message: typeof message === 'string' ? message : '',
    ...(Array.isArray(path) && {
      path: path.filter((step) => typeof step === 'string' || typeof step === 'number'),
    }),
    ...(isRecord(extensions) && { extensions }),
  };
}
