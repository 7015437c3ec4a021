import { isRecord } from '../links/is-record.ts';
import { createStreamIterator, streamEnd } from '../links/stream-iterator.ts';
import type { SubgraphLink, SubgraphResult } from '../links/subgraph-link.ts';

/** A fetch that a gateway once sent, with what the subgraph answered. */
export interface RecordedFetch {
  readonly subgraph: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly response: SubgraphResult;
}

/** A subgraph of recorded answers: fetches are known by their text, entities by their representation. */
export function createReplayLink(name: string, recorded: readonly RecordedFetch[]): SubgraphLink {
  const own = recorded.filter(({ subgraph }) => subgraph === name);
  const played = new Set<RecordedFetch>();
  return {
    name,
    remote: false,
    async execute({ query, variables }) {
      const same = own.filter((fetch) => fetch.query === query);
      const { representations } = variables;
      if (!Array.isArray(representations)) {
        const fetch = same.find((candidate) => !played.has(candidate)) ?? same[0];
        if (fetch === undefined) throw new Error(`${name} has no answer to ${query}`);
        played.add(fetch);
        return structuredClone(fetch.response);
      }
      const entities = new Map(same.flatMap(entitiesOf));
      const fetched = representations.map((representation: unknown) => {
        const key = JSON.stringify(representation);
        if (!entities.has(key)) throw new Error(`${name} has no entity for ${key} in ${query}`);
        return structuredClone(entities.get(key));
      });
      const errors = same[0]?.response.errors;
      return { data: { _entities: fetched }, ...(errors !== undefined && { errors }) };
    },
    subscribe: (_request, signal) =>
      createStreamIterator<SubgraphResult>(async () => streamEnd, { signal, onEnd: () => undefined }),
    ready: async () => null,
    close: async () => undefined,
  };
}

function entitiesOf({ variables, response }: RecordedFetch): readonly (readonly [string, unknown])[] {
  const { representations } = variables;
  const entities = response.data?.['_entities'];
  if (!Array.isArray(representations)) return [];
  return representations.map((representation: unknown, n) => {
    const entity: unknown = Array.isArray(entities) ? entities[n] : null;
    return [JSON.stringify(representation), isRecord(entity) ? entity : null];
  });
}
