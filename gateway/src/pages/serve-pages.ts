import type { FastifyInstance } from 'fastify';
import type { DatasetKey } from './example-dataset.ts';
import { exampleOperations } from './example-operations.ts';
import { frontPage, frontPagePolicy } from './front-page.ts';
import { type GraphiqlPage, graphiqlPolicy, renderGraphiqlPage } from './graphiql.ts';

export interface PagesDeps {
  readonly mode: 'dev' | 'tokens';
  /** The committed operations, opened in the explorer. */
  readonly operationsFile: string;
  /** A dataset to fill into the examples; only asked in dev mode, where everyone may see it. */
  readonly exampleDataset: () => Promise<DatasetKey | null>;
}

/** Serves the front page and the explorer. Pages are open to everyone: they show nothing until a token is given. */
export function servePages(app: FastifyInstance, deps: PagesDeps): void {
  const { mode, operationsFile, exampleDataset } = deps;
  // Megabytes: rendered once, and again when there is another example to show.
  let rendered: { readonly key: string; readonly page: Promise<GraphiqlPage> } | undefined;

  async function currentPage(): Promise<GraphiqlPage> {
    const dataset = mode === 'dev' ? await exampleDataset().catch(() => null) : null;
    const key = JSON.stringify(dataset);
    if (rendered?.key !== key) {
      const tabs = exampleOperations(operationsFile, dataset);
      const page = renderGraphiqlPage({ tabs, subscriptions: mode === 'dev' ? 'websocket' : 'sse' });
      rendered = { key, page };
    }
    return await rendered.page;
  }

  app.get('/', { config: { open: true } }, async (_request, reply) => {
    reply.header('content-security-policy', frontPagePolicy).type('text/html; charset=utf-8');
    return frontPage(mode);
  });
  app.get('/graphiql', { config: { open: true } }, async (request, reply) => {
    const page = await currentPage();
    return await reply
      .header('content-security-policy', graphiqlPolicy(page, request.headers.host))
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-cache')
      .header('content-encoding', 'gzip')
      .type('text/html; charset=utf-8')
      .send(page.gzipped);
  });
}
