import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { devPrincipal } from '@spine/platform/auth/principal';
import { z } from 'zod';
import { createHttpLink } from '../links/http-link.ts';
import type { SubgraphLink } from '../links/subgraph-link.ts';

const posted = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).default({}) });

/** The same subgraph behind a socket of its own: what the link writes is read there, and the answer is written and read again. */
export async function serveLink(served: SubgraphLink): Promise<SubgraphLink> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { query, variables } = posted.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    const asked = { query, variables, principal: devPrincipal(), requestId: 'served' };
    const answer = await served
      .execute(asked, new AbortController().signal)
      .catch((error: unknown) => ({ errors: [{ message: String(error) }] }));
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const link = createHttpLink({
    name: served.name,
    url: `http://127.0.0.1:${port}`,
    secret: 'a secret of the audit, long enough',
  });
  return {
    ...link,
    async close() {
      await link.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
