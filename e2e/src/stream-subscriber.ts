import { setTimeout as sleep } from 'node:timers/promises';
import { subscribeClient } from './ask.ts';

const query = `subscription Changes($after: Cursor) {
  lineageChanges(after: $after) { __typename cursor ... on LineageChanged { datasets { name } } }
}`;

/** A client that follows the changes of the lineage graph, and goes on from its cursor whenever its socket breaks. */
export interface StreamSubscriber {
  /** Names of the datasets that it was told of, in the order in which they came. */
  readonly received: readonly string[];
  readonly gaps: number;
  readonly reconnects: number;
  close(): void;
}

/** Opens one and keeps it open. */
export function openSubscriber(gateway: string, token: string): StreamSubscriber {
  const received: string[] = [];
  const seen = new Set<string>();
  let after: string | null = null;
  let gaps = 0;
  let reconnects = -1;
  let closed = false;
  let dispose = (): void => undefined;

  async function follow(): Promise<void> {
    const client = subscribeClient(gateway, token);
    dispose = () => void client.dispose();
    try {
      const items = client.iterate<{ lineageChanges: Item }>({ query, variables: { after } });
      for await (const { data } of items) {
        const item = data?.lineageChanges;
        if (item === undefined || item === null) continue;
        // What comes again after a break is known by its cursor.
        if (item.__typename === 'LineageChanged' && !seen.has(item.cursor)) {
          received.push(item.datasets?.[0]?.name ?? '');
        }
        if (item.__typename === 'StreamGap') gaps += 1;
        seen.add(item.cursor);
        after = item.cursor;
      }
    } catch {
      // Gone: again, from the cursor.
    } finally {
      await client.dispose();
    }
  }

  void (async () => {
    while (!closed) {
      reconnects += 1;
      await follow();
      await sleep(200);
    }
  })();
  return {
    received,
    get gaps() {
      return gaps;
    },
    get reconnects() {
      return reconnects;
    },
    close() {
      closed = true;
      dispose();
    },
  };
}

interface Item {
  readonly __typename: string;
  readonly cursor: string;
  readonly datasets?: readonly { readonly name: string }[];
}
