/** Keeps the cursor of one stream. Either function may be asynchronous. */
export interface CursorStore {
  /** The cursor kept last; null or undefined before the first. */
  get(): string | null | undefined | Promise<string | null | undefined>;
  set(cursor: string): unknown;
}

/** Keeps the cursor as long as the process lives. */
export function memoryCursorStore(first: string | null = null): CursorStore {
  let kept = first;
  return {
    get: () => kept,
    set(cursor) {
      kept = cursor;
    },
  };
}

/** Keeps the cursor under a key of a Storage: `storageCursorStore(localStorage, 'violations')` in a browser. */
export function storageCursorStore(
  storage: {
    getItem(key: string): string | null;
    setItem(key: string, value: string): void;
  },
  key: string,
): CursorStore {
  return {
    get: () => storage.getItem(key),
    set: (cursor) => storage.setItem(key, cursor),
  };
}
