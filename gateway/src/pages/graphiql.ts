import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';

/** The page, ready to send. */
export interface GraphiqlPage {
  readonly gzipped: Buffer;
  /** For the Content-Security-Policy: of each inline script. */
  readonly scriptHashes: readonly string[];
}

export interface GraphiqlOptions {
  /** Operations that open in tabs, with their variables as JSON. */
  readonly tabs: readonly { readonly query: string; readonly variables: string | null }[];
  /**
   * How subscriptions travel. The explorer can put a token on requests but not on a WebSocket: where tokens are needed,
   * they go by server-sent events.
   */
  readonly subscriptions: 'websocket' | 'sse';
}

/** Renders the explorer: one page with everything in it, that asks nothing of any other host. */
export async function renderGraphiqlPage({ tabs, subscriptions }: GraphiqlOptions): Promise<GraphiqlPage> {
  const html = renderGraphiQL({
    title: 'Data Spine',
    endpoint: '/graphql',
    subscriptionsProtocol: subscriptions === 'websocket' ? 'WS' : 'GRAPHQL_SSE',
    defaultTabs: tabs.map(({ query, variables }) => ({ query, variables })),
    shouldPersistHeaders: false,
  });
  const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)];
  return {
    gzipped: await promisify(gzip)(html),
    scriptHashes: scripts.map(
      ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
    ),
  };
}

/** The policy of the page: its own scripts and workers, its own host, nothing else. */
export function graphiqlPolicy({ scriptHashes }: GraphiqlPage, host: string | undefined): string {
  // 'self' does not cover WebSockets in every browser. A host that is none is left out.
  const sockets = host !== undefined && /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : '';
  return [
    "default-src 'none'",
    `script-src ${scriptHashes.join(' ')}`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    `connect-src 'self'${sockets}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
