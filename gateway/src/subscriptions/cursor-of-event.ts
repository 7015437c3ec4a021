import { isRecord } from '../links/is-record.ts';
import type { SubgraphResult } from '../links/subgraph-link.ts';
import type { ItemKind } from './stream-event.ts';
import { cursorAlias, itemAlias } from './with-cursor-field.ts';

/** The cursor that an event of a subgraph carries, if its stream has cursors. */
export function cursorOfEvent({ data }: SubgraphResult): string | null {
  const cursor = member(data, cursorAlias);
  return typeof cursor === 'string' ? cursor : null;
}

/** What kind of item it is. */
export function kindOfEvent({ data }: SubgraphResult): ItemKind {
  return kinds.get(member(data, itemAlias)) ?? 'event';
}

// The items that every stream has besides its own (DESIGN section 4).
const kinds = new Map<unknown, ItemKind>([
  ['StreamHeartbeat', 'heartbeat'],
  ['StreamGap', 'gap'],
  ['SnapshotComplete', 'snapshot-complete'],
]);

function member(data: SubgraphResult['data'], alias: string): unknown {
  for (const item of Object.values(data ?? {})) {
    if (isRecord(item) && item[alias] !== undefined) return item[alias];
  }
  return undefined;
}
