import { createByteCache } from './byte-cache.ts';

/**
 * Answers that are made once and sent many times, each about one thing: a content, which never changes, or a subject, until
 * it changes. Every reader may see the same: an answer that depends on who asks has no place here.
 */
export interface ReadyAnswers {
  /** The answer at hand. The whole of what most reads cost: no promise, no parsing, no copy. */
  find(about: string, key: string): Buffer | undefined;
  /**
   * The answer at hand, or the one that `make` makes, as JSON (a text as it is); those who ask meanwhile wait for the same
   * one. What `make` throws is kept by nobody.
   */
  get(about: string, key: string, make: () => Promise<unknown>): Promise<Buffer>;
  /** The thing changed: what was told of it, or is being made now, is not told to those who ask from here on. */
  forget(about: string): void;
  /** Forgets all: who knows what changed. */
  clear(): void;
}

/** Names the content of a schema id. */
export function contentOf(id: number): string {
  return `id ${id}`;
}

/** Names a subject, by its qualified name. */
export function subjectOf(name: string): string {
  return `subject ${name}`;
}

interface Making {
  readonly about: string;
  readonly answer: Promise<Buffer>;
}

/** Creates it with nothing at hand. */
export function createReadyAnswers(maxBytes = 64 * 1024 * 1024): ReadyAnswers {
  const kept = createByteCache(maxBytes);
  const making = new Map<string, Making>();

  async function makeAnswer(about: string, key: string, make: () => Promise<unknown>): Promise<Buffer> {
    const name = `${about}\n${key}`;
    const begun = making.get(name);
    if (begun !== undefined) return await begun.answer;
    const mine = { about, answer: make().then(toBytes) };
    making.set(name, mine);
    try {
      const answer = await mine.answer;
      // What was forgotten while it was made may be older than the change.
      if (making.get(name) === mine) kept.set(about, key, answer);
      return answer;
    } finally {
      if (making.get(name) === mine) making.delete(name);
    }
  }

  return {
    find: (about, key) => kept.get(about, key),
    async get(about, key, make) {
      return kept.get(about, key) ?? (await makeAnswer(about, key, make));
    },
    forget(about) {
      kept.delete(about);
      for (const [name, each] of making) if (each.about === about) making.delete(name);
    },
    clear() {
      kept.clear();
      making.clear();
    },
  };
}

function toBytes(made: unknown): Buffer {
  return Buffer.from(typeof made === 'string' ? made : JSON.stringify(made));
}
