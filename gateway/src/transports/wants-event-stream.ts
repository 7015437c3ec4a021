import type { FastifyRequest } from 'fastify';

/** Whether a request for /graphql wants an event stream. */
export function wantsEventStream(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').includes('text/event-stream');
}
