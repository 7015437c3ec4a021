import { Problem } from '@spine/kernel/problem';
import { Pool } from 'undici';
import { type Claims, claimsOf } from '../auth/claims.ts';
import type { Principal } from '../auth/principal.ts';
import { signRequest } from '../auth/service-signature.ts';
import { type Clock, systemClock } from '../clock.ts';
import { activeSpan, endingWith } from '../tracing/active-span.ts';
import type { Span } from '../tracing/span.ts';
import { fromProblemDocument } from './problem-document.ts';
import type { TlsOptions } from './tls-files.ts';

export interface ServiceClientOptions {
  readonly baseUrl: string;
  /** Who we are: the asking service. */
  readonly service: string;
  readonly secret: string;
  /** What we show to the service, and by what we know it; null or absent: by the system's CAs, if it is https at all. */
  readonly tls?: TlsOptions | null;
  /** How long one call may take, connecting included; 10 s by default. */
  readonly timeoutMs?: number;
  readonly clock?: Pick<Clock, 'now'>;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  /** For whom we ask; without it we ask for ourselves. */
  readonly principal?: Principal;
}

/** A successful answer with what HTTP says about it; `body` is undefined when there is none (204, 304). */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: unknown;
}

/**
 * Signed calls to one of our services. They answer the parsed JSON, whose shape the caller checks. A refusal is thrown
 * as the Problem that the peer sent, no answer as SERVICE_UNAVAILABLE, a late one as TIMEOUT, both with their cause.
 */
export interface ServiceClient {
  get(path: string, options?: CallOptions): Promise<unknown>;
  post(path: string, body: unknown, options?: CallOptions): Promise<unknown>;
  put(path: string, body: unknown, options?: CallOptions): Promise<unknown>;
  /** A call whose status and headers matter (`If-None-Match` and 304, which is no error here). */
  call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    options?: CallOptions,
  ): Promise<Answer>;
  close(): Promise<void>;
}

/** Opens a pool of connections to a service; none is made before the first call. */
export function createServiceClient(options: ServiceClientOptions): ServiceClient {
  const { service, secret, timeoutMs = 10_000, tls = null, clock = systemClock } = options;
  const { origin, host } = new URL(options.baseUrl);
  const pool = new Pool(origin, {
    connections: 32,
    connect: { timeout: Math.min(timeoutMs, 5_000), ...tls },
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  async function call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: unknown,
    options: CallOptions = {},
  ): Promise<Answer> {
    const span = activeSpan().child(method, {
      kind: 'client',
      attributes: { 'server.address': host, 'url.path': bare(path) },
    });
    return await endingWith(span, () => send(span, method, path, body, options));
  }

  async function send(
    span: Span,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    body: unknown,
    { signal, headers, principal }: CallOptions,
  ): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const claims: Claims | undefined = principal === undefined ? undefined : claimsOf(principal);
    const deadline = AbortSignal.timeout(timeoutMs);
    const answer = await reach(async () => {
      const response = await pool.request({
        method,
        path,
        body: text ?? null,
        headers: {
          ...(text === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
          ...(span.traceparent !== null && { traceparent: span.traceparent }),
          ...signRequest({ secret, service, method, path, body: text, claims, now: clock.now() }),
        },
        signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
      });
      return { status: response.statusCode, headers: response.headers, text: await response.body.text() };
    });
    const parsed = parseJson(answer.text);
    if (answer.status < 300 || answer.status === 304) {
      if (parsed === notJson) throw odd(answer.status);
      return { status: answer.status, headers: answer.headers, body: parsed };
    }
    throw (parsed === notJson ? undefined : fromProblemDocument(parsed)) ?? odd(answer.status);

    async function reach<T>(send: () => Promise<T>): Promise<T> {
      try {
        return await send();
      } catch (error) {
        // The caller's own wish is no failure of the peer.
        if (signal?.aborted) throw signal.reason;
        if (deadline.aborted) {
          throw new Problem(
            'TIMEOUT',
            `${host} did not answer ${method} ${bare(path)} within ${timeoutMs} ms`,
            {
              cause: error,
            },
          );
        }
        throw new Problem('SERVICE_UNAVAILABLE', `${host} cannot be reached`, {
          fix: `Check that it runs and that ${origin} is its address.`,
          cause: error,
        });
      }
    }

    function odd(status: number): Problem {
      return new Problem(
        'SERVICE_UNAVAILABLE',
        `${host} answered ${method} ${bare(path)} with ${status} and no problem document`,
        {
          fix: `Check that a service of this version answers at ${origin}.`,
          extensions: { peerStatus: status },
        },
      );
    }
  }

  return {
    get: async (path, given) => (await call('GET', path, undefined, given)).body,
    post: async (path, body, given) => (await call('POST', path, body, given)).body,
    put: async (path, body, given) => (await call('PUT', path, body, given)).body,
    call,
    // Whoever closes has nothing left to wait for; a hanging peer must not hold the process.
    close: () => pool.destroy(),
  };
}

const notJson = Symbol('not JSON');

function parseJson(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return notJson;
  }
}

function bare(path: string): string {
  return path.split('?', 1)[0] ?? path;
}
