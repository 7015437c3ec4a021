import type { Position } from './cursor.ts';
import type { Page } from './read-page.ts';
import type { Wake } from './wake.ts';

/** Reads of a stream's pages, shared by the readers that stand at the same place. */
export interface SharedPages<T> {
  read(after: Position): Promise<Page<T>>;
}

const pageSize = 200;

/**
 * Lets a hundred readers at the head of a stream cost one query an event. Only a read that began since the latest ring
 * is shared: an older one may not have seen what that ring announced.
 */
export function createSharedPages<T>(
  wake: Pick<Wake, 'generation'>,
  readPage: (after: Position, limit: number) => Promise<Page<T>>,
): SharedPages<T> {
  const running = new Map<string, Promise<Page<T>>>();
  return {
    read(after) {
      const key = `${wake.generation()}|${after.epoch}|${after.seq}`;
      const shared = running.get(key);
      if (shared !== undefined) return shared;
      const page = readPage(after, pageSize).finally(() => running.delete(key));
      running.set(key, page);
      return page;
    },
  };
}
