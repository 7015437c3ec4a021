import type { StreamItem } from '../stream/stream-item.ts';
import { StreamItemFields, type StreamItemTypes } from './stream-item-types.ts';

/**
 * A durable stream as a subscription yields it: events and snapshot items by the service's own mapping, the rest as the
 * subgraph's shared items. Ends its source when the subscriber leaves, also while it waits.
 */
export function mapStream<T>(
  source: AsyncIterableIterator<StreamItem<T>>,
  types: Pick<StreamItemTypes<string>, 'StreamHeartbeat' | 'StreamGap' | 'SnapshotComplete'>,
  toItem: (value: T, cursor: string) => StreamItemFields,
): AsyncIterableIterator<StreamItemFields> {
  const map = (item: StreamItem<T>): StreamItemFields => {
    switch (item.kind) {
      case 'event':
      case 'snapshot':
        return toItem(item.value, item.cursor);
      case 'snapshot-complete':
        return Object.assign(new types.SnapshotComplete(), { cursor: item.cursor });
      case 'heartbeat':
        return Object.assign(new types.StreamHeartbeat(), { cursor: item.cursor, at: item.at });
      case 'gap': {
        const { cursor, fromCursor, missed, reason } = item;
        return Object.assign(new types.StreamGap(), { cursor, fromCursor, missed, reason });
      }
    }
  };
  return mapIterator(source, map);
}

/**
 * Maps an iterator without a generator between: a generator that waits for its source does not hear `return()`
 * before the next item comes, so that the source would stay open after its subscriber left.
 */
export function mapIterator<In, Out>(
  source: AsyncIterator<In, unknown, undefined>,
  map: (value: In) => Out,
): AsyncIterableIterator<Out, undefined, undefined> {
  const end = async (): Promise<IteratorReturnResult<undefined>> => {
    await source.return?.();
    return { done: true, value: undefined };
  };
  return {
    async next() {
      const result = await source.next();
      if (result.done === true) return { done: true, value: undefined };
      try {
        return { done: false, value: map(result.value) };
      } catch (error) {
        await end();
        throw error;
      }
    },
    return: end,
    async throw(error: unknown) {
      await end();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
