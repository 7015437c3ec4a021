import type { SubgraphRequest } from './subgraph-link.ts';

const bodies = new WeakMap<SubgraphRequest, string>();

/** A request as it goes over the wire. Written out once: it is also what tells equal requests. */
export function bodyOf(request: SubgraphRequest): string {
  const known = bodies.get(request);
  if (known !== undefined) return known;
  const { query, operationName, variables } = request;
  // Variables first: by them equal texts differ, and so bodies are told apart by their first bytes.
  const body = JSON.stringify({ variables, query, operationName });
  bodies.set(request, body);
  return body;
}
