import { Problem } from '@spine/kernel/problem';
import { claimsOf } from '@spine/platform/auth/claims';
import { signRequest } from '@spine/platform/auth/service-signature';
import type { TlsOptions } from '@spine/platform/http/tls-files';
import { Pool } from 'undici';
import { ConnectionBroken } from './connection-broken.ts';
import { parseResult } from './parse-result.ts';
import { bodyOf } from './request-body.ts';
import { sendRequest, type WholeAnswer } from './send-request.ts';
import type { SubgraphLink, SubgraphRequest, SubgraphResult } from './subgraph-link.ts';
import { createUpstreamSocket } from './upstream-socket.ts';

export interface HttpLinkOptions {
  readonly name: string;
  /** Base URL of the service; its graph is at /graphql. */
  readonly url: string;
  /** The secret that the services share. */
  readonly secret: string;
  /** What we show to the service, and by what we know it. */
  readonly tls?: TlsOptions | null;
  readonly connections?: number;
  /** How long the service may say nothing, whatever the caller's patience. */
  readonly silenceMs?: number;
  /** An answer longer than this is an error, not a full memory. */
  readonly maxAnswerBytes?: number;
}

/** Our name towards the services. */
const service = 'gateway';
const path = '/graphql';
const mebibyte = 1024 * 1024;

/**
 * Reaches a subgraph in another process: HTTP for queries and mutations, one graphql-ws socket for all subscriptions.
 * Every request is signed together with the claims of its principal; what the client proved itself by stays here.
 */
export function createHttpLink(options: HttpLinkOptions): SubgraphLink {
  const { name, url, secret, tls = null } = options;
  const { connections = 64, silenceMs = 60_000, maxAnswerBytes = 32 * mebibyte } = options;
  const pool = new Pool(new URL(url).origin, {
    connections,
    pipelining: 1,
    maxResponseSize: maxAnswerBytes,
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    // Below the services' own 72 s, so that it is mostly us who close what is idle.
    keepAliveTimeout: 30_000,
    connect: { timeout: 3_000, ...tls },
  });
  const socket = createUpstreamSocket({ name, url, secret, service, tls });

  function headersOf(
    { requestId, principal, headers, traceparent }: SubgraphRequest,
    body: string,
  ): Record<string, string> {
    return {
      ...headers,
      'content-type': 'application/json',
      accept: 'application/json',
      'x-request-id': requestId,
      ...(traceparent !== undefined && { traceparent }),
      ...signRequest({
        method: 'POST',
        path,
        body,
        secret,
        service,
        claims: claimsOf(principal),
        now: new Date(),
      }),
    };
  }

  return {
    name,
    remote: true,
    async execute(request, signal) {
      const body = bodyOf(request);
      let answer: WholeAnswer;
      try {
        const post = { path, headers: headersOf(request, body), body };
        answer = await sendRequest(pool, post, signal, (cause) => new ConnectionBroken(name, cause));
      } catch (error) {
        if (isTooLarge(error)) return tooLarge(name, maxAnswerBytes);
        throw error;
      }
      return parseResult(name, answer.status, answer.text);
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

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE';
}

/** An answer all the same: the subgraph is there, and asking again would not help. */
function tooLarge(name: string, maxAnswerBytes: number): SubgraphResult {
  const { message, code, fix } = new Problem(
    'PAYLOAD_TOO_LARGE',
    `the ${name} service answered with more than ${Math.round(maxAnswerBytes / mebibyte)} MiB`,
    { fix: 'Ask for less at once: use `first` and `after`.' },
  );
  return { errors: [{ message, extensions: { code, fix } }] };
}
