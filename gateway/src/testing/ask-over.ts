import type { GraphQLFormattedError } from 'graphql';
import WebSocket from 'ws';
import { isRecord } from '../links/is-record.ts';

/** The ways in which a client reaches the gateway. */
export const transports = ['POST', 'GET', 'SSE', 'WebSocket'] as const;

export type Transport = (typeof transports)[number];

/** A GraphQL request of whatever shape. */
export type RawRequest = Readonly<Record<string, unknown>>;

export interface TransportAnswer {
  readonly data?: unknown;
  /** Codes of the errors, in order. */
  readonly codes: readonly unknown[];
  readonly errors: readonly GraphQLFormattedError[];
  /** Over HTTP. */
  readonly status?: number;
}

/** Asks over a transport and reads the first answer. A token is sent as that transport sends it. */
export async function askOver(
  transport: Transport,
  url: string,
  request: RawRequest,
  token?: string,
): Promise<TransportAnswer> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  if (transport === 'WebSocket') return answerOf(await overSocket(url, request, authorization));
  if (transport === 'GET') {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(request)) {
      search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    }
    const response = await fetch(`${url}/graphql?${search}`, {
      headers: { 'apollo-require-preflight': 'yes', ...authorization },
    });
    return { ...answerOf(await response.json()), status: response.status };
  }
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: transport === 'SSE' ? 'text/event-stream' : 'application/graphql-response+json',
      ...authorization,
    },
    body: JSON.stringify(request),
  });
  const { status } = response;
  if (transport === 'POST' || response.headers.get('content-type')?.startsWith('text/event') !== true) {
    return { ...answerOf(await response.json()), status };
  }
  const text = await response.text();
  const [, data = '{}'] = /event: next\ndata: (.*)\n/.exec(text) ?? [];
  return { ...answerOf(JSON.parse(data)), status };
}

function overSocket(url: string, request: RawRequest, params: object): Promise<unknown> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  return new Promise<unknown>((resolve, reject) => {
    socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: params })));
    socket.once('error', reject);
    socket.once('close', (code, reason) => reject(new Error(`closed: ${code} ${reason}`)));
    socket.on('message', (message) => {
      const { type, payload } = JSON.parse(String(message));
      if (type === 'connection_ack') {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: request }));
      } else if (type === 'next') resolve(payload);
      else if (type === 'error') resolve({ errors: payload });
    });
  }).finally(() => socket.terminate());
}

function answerOf(body: unknown): TransportAnswer {
  const { data, errors: given } = isRecord(body) ? body : {};
  // A problem of HTTP in place of a GraphQL answer.
  const problem = isRecord(body) && typeof body['code'] === 'string' ? [body['code']] : [];
  const errors: readonly GraphQLFormattedError[] = Array.isArray(given) ? given : [];
  const codes = [...errors.map(({ extensions }) => extensions?.['code']), ...problem];
  return { codes, errors, ...(data !== undefined && { data }) };
}
