import { Problem } from '@spine/kernel/problem';
import { type ProblemCode, problemCodes } from '@spine/kernel/problem-codes';
import { Pool } from 'undici';
import { signRequest } from '../auth/service-signature.ts';

/** Calls from one of our services to another; each is signed. Answers are parsed JSON, for the caller to check. */
export interface ServiceClient {
  get(path: string): Promise<unknown>;
  post(path: string, body: unknown): Promise<unknown>;
  put(path: string, body: unknown): Promise<unknown>;
  close(): Promise<void>;
}

export interface ServiceClientOptions {
  readonly baseUrl: string;
  /** Our own name, as the peer sees it. */
  readonly service: string;
  readonly secret: string;
  /** 10 s by default. */
  readonly timeoutMs?: number;
}

const connections = 8;

/** A client that throws the peer's Problem, SERVICE_UNAVAILABLE when there is no answer, TIMEOUT when it takes too long. */
export function createServiceClient(options: ServiceClientOptions): ServiceClient {
  const { service, secret, timeoutMs = 10_000 } = options;
  const base = new URL(options.baseUrl);
  const pool = new Pool(base.origin, { connections, headersTimeout: timeoutMs, bodyTimeout: timeoutMs });

  async function call(method: 'GET' | 'POST' | 'PUT', path: string, value?: unknown): Promise<unknown> {
    const body = value === undefined ? '' : JSON.stringify(value);
    let status: number;
    let text: string;
    try {
      const answer = await pool.request({
        method,
        path,
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          accept: 'application/json, application/problem+json',
          ...(body !== '' && { 'content-type': 'application/json' }),
          ...signRequest({ method, path, body, secret, service, now: new Date() }),
        },
        ...(body !== '' && { body }),
      });
      status = answer.statusCode;
      text = await answer.body.text();
    } catch (error) {
      const late = error instanceof Error && /Timeout/.test(error.name);
      throw new Problem(late ? 'TIMEOUT' : 'SERVICE_UNAVAILABLE', `no answer from ${base.origin}`, {
        fix: 'Check that the service runs and that its URL is right.',
        cause: error,
      });
    }
    const answer: unknown = text === '' ? null : parse(text);
    if (status < 300) return answer;
    throw problemOf(answer, status, base.origin);
  }

  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    close: () => pool.close(),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function problemOf(answer: unknown, status: number, origin: string): Problem {
  const members = new Map(Object.entries(answer !== null && typeof answer === 'object' ? answer : {}));
  const code = members.get('code');
  const fix = members.get('fix');
  const detail = members.get('detail');
  const own = ['type', 'title', 'status', 'detail', 'code', 'fix', 'path'];
  const extensions = Object.fromEntries([...members].filter(([name]) => !own.includes(name)));
  return new Problem(
    isProblemCode(code) ? code : status >= 500 ? 'SERVICE_UNAVAILABLE' : 'INTERNAL',
    typeof detail === 'string' ? detail : `${origin} answered with status ${status}`,
    { ...(typeof fix === 'string' && { fix }), extensions },
  );
}

function isProblemCode(code: unknown): code is ProblemCode {
  return typeof code === 'string' && Object.hasOwn(problemCodes, code);
}
