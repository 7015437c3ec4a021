import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Pool } from 'undici';
import { DeliveryError } from './delivery-error.ts';
import { decideRetry, defaultRetryPolicy, type RetryPolicy } from './retry-policy.ts';
import type { Transport } from './transport.ts';

const compress = promisify(gzip);

/** The request as it goes out, for those who sign it. */
export interface OutgoingRequest {
  readonly method: 'POST';
  readonly path: string;
  /** The bytes on the wire, compressed ones when gzip is on. */
  readonly body: Uint8Array;
}

export interface HttpTransportOptions {
  /** Where the consumer is. Without a path of its own the endpoint is added; with one it is used as it is. */
  readonly url: string;
  /** `/api/v1/lineage` by default. */
  readonly endpoint?: string;
  /** Sent as `Authorization: Bearer`. */
  readonly apiKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Extra headers for each attempt, made from its bytes: a signature with a time in it must not be old on a retry. */
  readonly sign?: (request: OutgoingRequest) => Readonly<Record<string, string>>;
  /** Compress bodies; off by default. */
  readonly gzip?: boolean;
  /** For one attempt; 5 s by default, as in the other OpenLineage clients. */
  readonly timeoutMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  /** Connections; 10 by default. */
  readonly connections?: number;
}

/** Sends each event as one HTTP request and repeats it by the retry policy. Rejects with a DeliveryError. */
export function createHttpTransport(options: HttpTransportOptions): Transport {
  const target = targetOf(options);
  const policy = { ...defaultRetryPolicy, ...options.retry };
  const timeoutMs = options.timeoutMs ?? 5_000;
  const pool = new Pool(target.origin, { connections: options.connections ?? 10 });
  const fixed = {
    ...options.headers,
    'content-type': 'application/json',
    ...(options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` }),
    ...(options.gzip === true ? { 'content-encoding': 'gzip' } : {}),
  };

  async function post(body: Uint8Array, signal: AbortSignal | undefined) {
    const deadline = AbortSignal.timeout(timeoutMs);
    const answer = await pool.request({
      method: 'POST',
      path: target.path,
      headers: { ...fixed, ...options.sign?.({ method: 'POST', path: target.path, body }) },
      body,
      signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    });
    await answer.body.dump();
    const retryAfter = answer.headers['retry-after'];
    return { status: answer.statusCode, retryAfter: typeof retryAfter === 'string' ? retryAfter : null };
  }

  return {
    async send(event, signal) {
      const text = Buffer.from(JSON.stringify(event));
      const body = options.gzip === true ? await compress(text, { level: 3 }) : text;
      for (let attempt = 1; ; attempt += 1) {
        signal?.throwIfAborted();
        let outcome: { readonly status: number | null; readonly retryAfter: string | null };
        let cause: unknown;
        try {
          outcome = await post(body, signal);
          // A redirect is not a delivery.
          if (outcome.status !== null && outcome.status >= 200 && outcome.status < 300) return;
        } catch (error) {
          signal?.throwIfAborted();
          cause = error;
          outcome = { status: null, retryAfter: null };
        }
        const decision = decideRetry(outcome, attempt, policy, { now: Date.now(), random: Math.random() });
        if (!decision.retry) throw new DeliveryError(outcome.status, attempt, cause);
        await sleep(decision.waitMs, undefined, signal === undefined ? {} : { signal });
      }
    },
    async close() {
      await pool.close();
    },
  };
}

function targetOf({ url, endpoint }: HttpTransportOptions): {
  readonly origin: string;
  readonly path: string;
} {
  const parsed = new URL(url);
  const bare = parsed.pathname === '' || parsed.pathname === '/';
  if (!bare && endpoint !== undefined) {
    throw new TypeError(
      `the URL already has a path, ${parsed.pathname}: give the endpoint there or here, not both`,
    );
  }
  const path = bare ? new URL(endpoint ?? '/api/v1/lineage', parsed).pathname : parsed.pathname;
  return { origin: parsed.origin, path: `${path}${parsed.search}` };
}
