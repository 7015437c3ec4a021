import type { FastifyInstance } from 'fastify';

/** Lets a closing server wait for requests under way, but not for a client that does not read its answer. */
export function drainWithin(app: FastifyInstance, ms: number): void {
  let timer: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    timer = setTimeout(() => app.server.closeAllConnections(), ms);
  });
  app.addHook('onClose', async () => clearTimeout(timer));
}
