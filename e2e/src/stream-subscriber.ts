import { memoryCursorStore, resumeSubscription } from '@spine/client';
import { subscribeClient } from './ask.ts';

const operation = `subscription Changes($after: Cursor) {
  lineageChanges(after: $after) { __typename cursor ... on LineageChanged { datasets { name } } }
}`;

/** A client of the published library that follows the changes of the lineage graph through every break. */
export interface StreamSubscriber {
  /** Names of the datasets that it was told of, in the order in which they came. */
  readonly received: readonly string[];
  readonly gaps: number;
  /** How often its stream broke. */
  readonly breaks: number;
  close(): Promise<void>;
}

/** Opens one and keeps it open. */
export function openSubscriber(gateway: string, token: string): StreamSubscriber {
  const received: string[] = [];
  const left = new AbortController();
  const client = subscribeClient(gateway, token);
  let gaps = 0;
  let breaks = 0;
  const following = resumeSubscription<{
    lineageChanges: { __typename: string; cursor: string; datasets?: readonly { readonly name: string }[] };
  }>({
    client,
    operation,
    store: memoryCursorStore(),
    onEvent: ({ datasets }) => void received.push(datasets?.[0]?.name ?? ''),
    onGap: () => {
      gaps += 1;
    },
    onBroken: () => {
      breaks += 1;
    },
    signal: left.signal,
  });
  following.catch(() => undefined);
  return {
    received,
    get gaps() {
      return gaps;
    },
    get breaks() {
      return breaks;
    },
    async close() {
      left.abort();
      await client.dispose();
      // What ended it before is an error of the test that closes it.
      await following;
    },
  };
}
