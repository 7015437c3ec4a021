/**
 * Answers as the bytes that go over the wire, several about one thing, up to so many bytes in all. What nobody asked about
 * for longest goes first, with all that is told of it.
 */
export interface ByteCache {
  get(about: string, key: string): Buffer | undefined;
  /** Keeps an answer, unless what is told of that one thing would be more than all may be. */
  set(about: string, key: string, answer: Buffer): void;
  delete(about: string): void;
  clear(): void;
  /** What it holds, beside the answers a round figure for each entry. */
  readonly bytes: number;
}

interface Entry {
  readonly answers: Map<string, Buffer>;
  bytes: number;
}

/** What an answer takes beside its bytes and its key: its places in two maps. */
const answerOverhead = 250;

/** Creates an empty one. */
export function createByteCache(maxBytes: number): ByteCache {
  // A Map keeps the order of insertion: the first entry is the one asked about longest ago.
  const entries = new Map<string, Entry>();
  let bytes = 0;

  function remove(about: string): void {
    bytes -= entries.get(about)?.bytes ?? 0;
    entries.delete(about);
  }

  return {
    get(about, key) {
      const entry = entries.get(about);
      const answer = entry?.answers.get(key);
      if (entry === undefined || answer === undefined) return undefined;
      entries.delete(about);
      entries.set(about, entry);
      return answer;
    },
    set(about, key, answer) {
      const entry = entries.get(about) ?? { answers: new Map<string, Buffer>(), bytes: 0 };
      const before = entry.answers.get(key);
      const size = answerOverhead + 2 * (about.length + key.length) + answer.length;
      const grown = size - (before === undefined ? 0 : size - answer.length + before.length);
      remove(about);
      if (entry.bytes + grown > maxBytes) return;
      entry.answers.set(key, answer);
      entry.bytes += grown;
      entries.set(about, entry);
      bytes += entry.bytes;
      for (const oldest of entries.keys()) {
        if (bytes <= maxBytes) break;
        remove(oldest);
      }
    },
    delete: remove,
    clear() {
      entries.clear();
      bytes = 0;
    },
    get bytes() {
      return bytes;
    },
  };
}
