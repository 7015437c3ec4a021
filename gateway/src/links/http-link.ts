import { claimsOf } from '@spine/platform/auth/claims';
import { signRequest } from '@spine/platform/auth/service-signature';
import { Pool } from 'undici';
import { parseResult } from './parse-result.ts';
import type { SubgraphLink } from './subgraph-link.ts';
import { createUpstreamSocket } from './upstream-socket.ts';

export interface HttpLinkOptions {
  readonly name: string;
  /** Base URL of the service; its graph is at /graphql. */
  readonly url: string;
  /** The secret that the services share. */
  readonly secret: string;
  readonly connections?: number;
  /** An answer longer than this is an error, not a full memory. */
  readonly maxAnswerBytes?: number;
}

/** Our name towards the services. */
const service = 'gateway';
const path = '/graphql';

/**
 * Reaches a subgraph in another process: HTTP for queries and mutations, one graphql-ws socket for all subscriptions.
 * Every request is signed together with the claims of its principal.
 */
export function createHttpLink(options: HttpLinkOptions): SubgraphLink {
  const { name, url, secret, connections = 64, maxAnswerBytes = 32 * 1024 * 1024 } = options;
  const pool = new Pool(new URL(url).origin, {
    connections,
    pipelining: 1,
    maxResponseSize: maxAnswerBytes,
    connectTimeout: 3_000,
  });
  const socket = createUpstreamSocket({ name, url, secret, service });

  return {
    name,
    async execute({ query, operationName, variables, principal, requestId }, signal) {
      const body = JSON.stringify({
        query,
        variables,
        ...(operationName !== undefined && { operationName }),
      });
      const { statusCode, body: answer } = await pool.request({
        method: 'POST',
        path,
        body,
        signal,
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'x-request-id': requestId,
          ...signRequest({
            method: 'POST',
            path,
            body,
            secret,
            service,
            claims: claimsOf(principal),
            now: new Date(),
          }),
        },
      });
      return parseResult(name, statusCode, await answer.text());
    },

    subscribe: (request, signal) => socket.subscribe(request, signal),

    async ready(signal) {
      try {
        const { statusCode, body } = await pool.request({ method: 'GET', path: '/readyz', signal });
        await body.dump();
        return statusCode === 200 ? null : `${name} is not ready`;
      } catch {
        return `${name} does not answer`;
      }
    },

    async close() {
      await socket.close();
      await pool.destroy();
    },
  };
}
