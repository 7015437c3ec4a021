import type { FastifyInstance } from 'fastify';

/** What only Confluent's `GET /schemas` is asked for. */
const theirWords = [
  'subjectPrefix',
  'aliases',
  'deleted',
  'latestOnly',
  'ruleType',
  'resourceType',
  'associationType',
  'lifecycle',
  'offset',
  'limit',
];

/**
 * Lets a path be served twice: `GET /schemas` is a list of ours and one of Confluent's. Theirs is meant where the caller
 * takes or sends their media type, or asks for it with a word that ours does not know.
 */
export function tellDialects(app: FastifyInstance): void {
  app.addConstraintStrategy({
    name: 'dialect',
    mustMatchWhenDerived: false,
    storage() {
      const handlers = new Map();
      return {
        get: (dialect) => handlers.get(dialect) ?? null,
        set: (dialect, handler) => {
          handlers.set(dialect, handler);
        },
      };
    },
    validate() {},
    deriveConstraint: ({ url = '', headers }) =>
      isTheirs(url, headers.accept, headers['content-type']) ? 'confluent' : 'own',
  });
}

function isTheirs(url: string, ...types: readonly (string | undefined)[]): boolean {
  if (!url.startsWith('/schemas')) return false;
  if (types.some((type) => type?.includes('application/vnd.schemaregistry'))) return true;
  const [, query] = url.split('?');
  if (query === undefined) return false;
  const asked = new URLSearchParams(query);
  return theirWords.some((word) => asked.has(word));
}
