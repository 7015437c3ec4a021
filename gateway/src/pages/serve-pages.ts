import { Problem } from '@spine/kernel/problem';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { DatasetKey } from './example-dataset.ts';
import { readExampleOperations } from './example-operations.ts';
import { createExplorerFiles, type ExplorerFile } from './explorer-files.ts';
import { explorerPolicy } from './explorer-policy.ts';
import { frontPage, frontPagePolicy, type SubgraphState } from './front-page.ts';
import { unbuiltPage } from './unbuilt-page.ts';

export interface PagesDeps {
  readonly mode: 'dev' | 'tokens';
  /** Where the built explorer is. */
  readonly explorerFolder: string;
  /** The committed operations: the explorer's examples. */
  readonly operationsFolder: string;
  /** A dataset to fill into the examples, that the sender of the request may see; throws where nobody says who they are. */
  readonly exampleDataset: (request: FastifyRequest) => Promise<DatasetKey | null>;
  readonly subgraphs: () => Promise<readonly SubgraphState[]>;
}

/** Serves the front page and the explorer. Pages are open to everyone: they show nothing until a token is given. */
export function servePages(app: FastifyInstance, deps: PagesDeps): void {
  const { mode, explorerFolder, operationsFolder, exampleDataset, subgraphs } = deps;
  const files = createExplorerFiles(explorerFolder);
  const open = { config: { open: true } };

  app.get('/', open, async (_request, reply) => {
    reply.header('content-security-policy', frontPagePolicy).type('text/html; charset=utf-8');
    return frontPage(mode, await subgraphs());
  });

  app.get('/graphiql', open, async (request, reply) => {
    reply.header('cache-control', 'no-cache');
    const page = await files.page(request.headers['accept-encoding']);
    if (page === null) return await reply.code(503).type('text/html; charset=utf-8').send(unbuiltPage);
    reply.header('content-security-policy', explorerPolicy(request.headers.host));
    return await sendFile(request, reply, page);
  });

  app.get('/graphiql/settings.json', open, async (request, reply) => {
    const dataset = await exampleDataset(request).catch(() => null);
    reply.header('cache-control', 'no-store');
    return { mode, examples: readExampleOperations(operationsFolder, dataset) };
  });

  app.get<{ Params: { name: string } }>('/graphiql/assets/:name', open, async (request, reply) => {
    const asset = await files.asset(request.params.name, request.headers['accept-encoding']);
    if (asset === null)
      throw new Problem('NOT_FOUND', 'the explorer has no such file', { fix: 'Load the page again.' });
    // A worker is bound by the policy of its own file.
    reply.header('content-security-policy', explorerPolicy(request.headers.host));
    reply.header('cache-control', 'public, max-age=31536000, immutable');
    return await sendFile(request, reply, asset);
  });
}

async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { content, type, encoding, etag }: ExplorerFile,
): Promise<FastifyReply> {
  reply.header('etag', etag).header('vary', 'accept-encoding');
  if (request.headers['if-none-match'] === etag) return await reply.code(304).send();
  if (encoding !== null) reply.header('content-encoding', encoding);
  return await reply.type(type).send(content);
}
