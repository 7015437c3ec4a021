import { Problem } from '@spine/kernel/problem';
import { createStreamIterator, streamEnd } from '../links/stream-iterator.ts';
import type { SubgraphLink, SubgraphRequest, SubgraphResult } from '../links/subgraph-link.ts';

/** A link to another process whose every answer a test gives by hand. */
export interface ScriptedLink extends SubgraphLink {
  /** What it was asked, in order. */
  readonly asked: readonly Asked[];
  /** What it says of being ready. */
  readiness: string | null;
}

export interface Asked {
  readonly request: SubgraphRequest;
  /** Whether the caller gave up. */
  readonly signal: AbortSignal;
  answer(result: SubgraphResult): void;
  fail(error: unknown): void;
}

/** Creates one that has been asked nothing. */
export function createScriptedLink(name = 'catalog'): ScriptedLink {
  const asked: Asked[] = [];
  const link: ScriptedLink = {
    name,
    remote: true,
    asked,
    readiness: null,
    execute: (request, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        asked.push({ request, signal, answer: resolve, fail: reject });
      }),
    subscribe: (_request, signal) =>
      createStreamIterator<SubgraphResult>(async () => streamEnd, { signal, onEnd: () => undefined }),
    ready: async () => link.readiness,
    close: async () => undefined,
  };
  return link;
}

/** The last call that it was asked. */
export function lastAsked(link: ScriptedLink): Asked {
  const last = link.asked.at(-1);
  if (last === undefined) throw new Problem('NOT_FOUND', `${link.name} was asked nothing`);
  return last;
}
