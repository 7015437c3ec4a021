import type { Fetcher, FetcherParams } from '@graphiql/toolkit';
import type { StreamClient } from '@spine/client/resume-subscription-inbox';
import { type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { createClient } from 'graphql-ws';
import type { Cell } from './cell.ts';
import { followStream } from './follow-stream.ts';
import { findOperation, isResumable } from './followed-operation.ts';
import type { Notes } from './notes.ts';
import { authorizationOf } from './session-token.ts';
import type { StreamState } from './stream-state.ts';

export interface FetcherOptions {
  /** Whether the gateway asks for a token. */
  readonly needsToken: boolean;
  readonly token: Cell<string>;
  /** What the answer is to tell about itself. */
  readonly notes: Cell<Notes>;
  readonly stream: Cell<StreamState>;
}

/** How GraphiQL reaches the graph: requests by POST, subscriptions over a WebSocket of their own. */
export function createFetcher(options: FetcherOptions): Fetcher {
  return async (params) => {
    const { needsToken, token } = options;
    if (needsToken && token.get() === '') {
      return { errors: [{ message: 'This gateway asks for a token: paste yours into the field above.' }] };
    }
    const operation = findOperation(params.query, params.operationName);
    const named = { ...params, operationName: operation?.name?.value ?? null };
    if (operation?.operation === OperationTypeNode.SUBSCRIPTION) return follow(named, operation, options);
    return await post(named, options);
  };
}

async function post({ query, operationName, variables }: FetcherParams, { token, notes }: FetcherOptions) {
  const { plan, cost } = notes.get();
  const ofPage = operationName === 'IntrospectionQuery';
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json',
      ...authorizationOf(token.get()),
      ...(plan && !ofPage && { 'spine-query-plan': '1' }),
      ...(cost && !ofPage && { 'spine-cost': '1' }),
    },
    body: JSON.stringify({ query, operationName, variables }),
  });
  const text = await response.text();
  try {
    // A refusal (application/problem+json) is shown as it came.
    return JSON.parse(text);
  } catch {
    throw new Error(`the gateway answered with status ${response.status}: ${text.slice(0, 200)}`);
  }
}

function follow(
  { query, operationName, variables }: FetcherParams,
  operation: OperationDefinitionNode,
  { token, stream }: FetcherOptions,
) {
  const sockets = createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`,
    connectionParams: () => authorizationOf(token.get()),
    // A retry of its own would begin where the first subscription did.
    retryAttempts: 0,
    on: { connected: () => stream.set({ ...stream.get(), phase: 'live' }) },
  });
  const client: StreamClient = {
    subscribe: (request, sink) =>
      sockets.subscribe({ ...request, ...(operationName && { operationName }) }, sink),
  };
  return followStream({
    client,
    query,
    variables: variables ?? {},
    resumable: isResumable(operation),
    state: stream,
    onEnd: () => void sockets.dispose(),
  });
}
