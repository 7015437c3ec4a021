import { isRecord } from '../links/is-record.ts';
import type { SubgraphResult } from '../links/subgraph-link.ts';
import { cursorAlias } from './with-cursor-field.ts';

/** The cursor that an event of a subgraph carries, if its stream has cursors. */
export function cursorOfEvent({ data }: SubgraphResult): string | null {
  for (const item of Object.values(data ?? {})) {
    const cursor = isRecord(item) ? item[cursorAlias] : undefined;
    if (typeof cursor === 'string') return cursor;
  }
  return null;
}
