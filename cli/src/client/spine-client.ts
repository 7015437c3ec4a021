import { Problem } from '@spine/kernel/problem';
import { createFetch, type Fetch } from '@spine/platform/http/create-fetch';
import { type Env, homeOf, peerTlsOf } from '../config.ts';
import { isProblemCode } from './is-problem-code.ts';
import { readRunFile } from './run-file.ts';

const services = ['gateway', 'registry', 'lineage', 'cdc', 'governance'] as const;

export type ServiceName = (typeof services)[number];

/** Calls to the services of one installation, as the person who runs the command. */
export interface SpineClient {
  get(service: ServiceName, path: string): Promise<unknown>;
  /** An answer for people, such as Markdown. */
  getText(service: ServiceName, path: string): Promise<string>;
  post(service: ServiceName, path: string, body: unknown): Promise<unknown>;
  put(service: ServiceName, path: string, body: unknown): Promise<unknown>;
  delete(service: ServiceName, path: string): Promise<unknown>;
  /** A long answer, JSON a line, as it comes. */
  lines(service: ServiceName, path: string, body: unknown): AsyncGenerator<unknown>;
  /** The services whose addresses are known. */
  known(): Readonly<Partial<Record<ServiceName, string>>>;
}

const timeoutMs = 60_000;

/** Finds the installation: SPINE_*_URL where set, else the `spine up` that runs in SPINE_HOME. SPINE_TOKEN is sent as bearer, SPINE_TLS_* shown. */
export function createSpineClient(env: Env): SpineClient {
  const run = readRunFile(homeOf(env));
  return clientOf((service) => env[`SPINE_${service.toUpperCase()}_URL`] ?? run?.urls[service], env);
}

/** A client of known URLs. */
export function createSpineClientAt(urls: Readonly<Record<ServiceName, string>>, env: Env = {}): SpineClient {
  return clientOf((service) => urls[service], env);
}

function clientOf(find: (service: ServiceName) => string | undefined, env: Env): SpineClient {
  const urlOf = (service: ServiceName): string => {
    const found = find(service);
    if (found !== undefined) return found.replace(/\/$/, '');
    throw new Problem('SERVICE_UNAVAILABLE', `no running installation in ${homeOf(env)}`, {
      fix: `Start one with \`spine up\`, set SPINE_HOME to its home, or set SPINE_${service.toUpperCase()}_URL.`,
    });
  };
  const token = env['SPINE_TOKEN'];
  const fetch = createFetch(peerTlsOf(env));
  const silent = (service: ServiceName, cause: unknown): Problem =>
    new Problem('SERVICE_UNAVAILABLE', `the ${service} service does not answer at ${urlOf(service)}`, {
      fix: 'Is it running? `spine status` shows what is; `spine up` starts everything.',
      cause,
    });

  async function send(
    method: string,
    service: ServiceName,
    path: string,
    { body, signal }: { readonly body?: unknown; readonly signal?: AbortSignal },
  ): ReturnType<Fetch> {
    const address = `${urlOf(service)}${path}`;
    try {
      return await fetch(address, {
        method,
        ...(signal !== undefined && { signal }),
        headers: {
          accept: 'application/json, application/problem+json, text/*;q=0.9',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (error) {
      throw silent(service, error);
    }
  }

  async function call(method: string, service: ServiceName, path: string, body?: unknown): Promise<string> {
    const response = await send(method, service, path, { body, signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text().catch((error: unknown) => {
      throw silent(service, error);
    });
    if (!response.ok) throw problemOf(jsonOf(text), response.status);
    return text;
  }

  async function* lines(service: ServiceName, path: string, body: unknown): AsyncGenerator<unknown> {
    const response = await send('POST', service, path, { body });
    if (!response.ok || response.body === null)
      throw problemOf(jsonOf(await response.text()), response.status);
    const decoder = new TextDecoder();
    let waiting = '';
    for await (const chunk of response.body) {
      waiting += decoder.decode(chunk, { stream: true });
      const whole = waiting.split('\n');
      waiting = whole.pop() ?? '';
      for (const line of whole) yield jsonOf(line);
    }
  }

  return {
    lines,
    known: () =>
      Object.fromEntries(services.flatMap((name) => (find(name) === undefined ? [] : [[name, urlOf(name)]]))),
    get: async (service, path) => jsonOf(await call('GET', service, path)),
    getText: (service, path) => call('GET', service, path),
    post: async (service, path, body) => jsonOf(await call('POST', service, path, body)),
    put: async (service, path, body) => jsonOf(await call('PUT', service, path, body)),
    delete: async (service, path) => jsonOf(await call('DELETE', service, path)),
  };
}

/** An answer in JSON; null where there is none, as behind a proxy that answers by itself. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A problem document (RFC 9457) as the problem that it was, its own members included. */
function problemOf(answer: unknown, status: number): Problem {
  const body = answer !== null && typeof answer === 'object' ? new Map(Object.entries(answer)) : new Map();
  const { code, detail, fix, path, ...rest } = Object.fromEntries(body);
  const known = isProblemCode(code) ? code : status === 503 ? 'SERVICE_UNAVAILABLE' : 'INTERNAL';
  const { type: _type, title: _title, status: _status, ...extensions } = rest;
  return new Problem(known, String(detail ?? `the service answered with status ${status}`), {
    ...(typeof fix === 'string' && { fix }),
    ...(typeof path === 'string' && { path }),
    extensions,
  });
}
