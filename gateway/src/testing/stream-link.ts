import { createStreamIterator, streamEnd } from '../links/stream-iterator.ts';
import type { SubgraphLink, SubgraphRequest, SubgraphResult } from '../links/subgraph-link.ts';

/** A subgraph with one stream of numbers, told by hand: what it was asked, and what it says to each who asked. */
export interface StreamLink extends SubgraphLink {
  /** What was asked, in order. */
  readonly asked: readonly SubgraphRequest[];
  /** Streams that are open. */
  open(): number;
  /** Appends an event, for all who listen and those who come behind its cursor. */
  append(count?: number): void;
  /** Ends all open streams with an error. */
  refuse(code: string): void;
  /** Whom it refuses from now on, with FORBIDDEN. */
  refuseIf(forbidden: (request: SubgraphRequest) => boolean): void;
}

/** Creates the link. Items are `Changed` with their cursor under the alias `where`: c1, c2, ...; who comes without a cursor is told the latest first. */
export function createStreamLink(name: string): StreamLink {
  const asked: SubgraphRequest[] = [];
  const wakers = new Set<() => void>();
  let size = 0;
  let refusals: string[] = [];
  let open = 0;
  let forbidden: (request: SubgraphRequest) => boolean = () => false;
  const wake = (): void => {
    for (const each of [...wakers]) each();
  };
  const item = (kind: string, n: number): SubgraphResult => ({
    data: { changes: { __typename: kind, _spineItem: kind, _spineCursor: `c${n}`, where: `c${n}`, n } },
  });
  const refusal = (code: string): SubgraphResult => ({ errors: [{ message: code, extensions: { code } }] });
  return {
    name,
    remote: false,
    asked,
    open: () => open,
    append(count = 1) {
      size += count;
      wake();
    },
    refuse(code) {
      refusals = [...refusals, code];
      wake();
    },
    refuseIf(test) {
      forbidden = test;
    },
    execute: () => Promise.reject(new Error('this link only streams')),
    subscribe(request, signal) {
      asked.push(request);
      open += 1;
      const after = request.variables['_spineAfter'];
      let position = typeof after === 'string' ? Number(after.slice(1)) : size;
      let greeted = typeof after === 'string';
      let over = false;
      const before = refusals.length;
      return createStreamIterator<SubgraphResult>(
        async (ending) => {
          while (!ending.aborted && !over) {
            const refused = forbidden(request) ? 'FORBIDDEN' : refusals[before];
            if (refused !== undefined) {
              over = true;
              return refusal(refused);
            }
            if (!greeted) {
              greeted = true;
              return item('StreamHeartbeat', position);
            }
            if (position < size) {
              position += 1;
              return item('Changed', position);
            }
            await new Promise<void>((resolve) => {
              const go = (): void => {
                wakers.delete(go);
                resolve();
              };
              wakers.add(go);
            });
          }
          return streamEnd;
        },
        {
          signal,
          onEnd: () => {
            open -= 1;
            wake();
          },
        },
      );
    },
    ready: async () => null,
    close: async () => undefined,
  };
}
