/** A map that holds at most `limit` entries and forgets the one that was used longest ago. */
export interface Lru<K, V> {
  get(key: K): V | undefined;
  set(key: K, value: V): void;
  /** What it holds, the longest unused first. */
  values(): V[];
  readonly size: number;
}

/** Creates an empty one. Clients choose the text of operations, so every cache keyed by it is bounded. */
export function createLru<K, V>(limit: number): Lru<K, V> {
  // A Map iterates in the order of insertion: the first key is the oldest.
  const entries = new Map<K, V>();
  return {
    get(key) {
      const value = entries.get(key);
      if (value !== undefined) {
        entries.delete(key);
        entries.set(key, value);
      }
      return value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      const oldest = entries.keys().next();
      if (entries.size > limit && !oldest.done) entries.delete(oldest.value);
    },
    values: () => [...entries.values()],
    get size() {
      return entries.size;
    },
  };
}
