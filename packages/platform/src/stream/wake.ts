/** Wakes whoever waits for news of a stream. */
export interface Wake {
  /** Rises with every ring; take it before looking, so that news during the look is not slept through. */
  generation(): number;
  ring(): void;
  /** Resolves once the generation is not `seen` any more, after `ms`, or when the signal aborts. */
  wait(seen: number, ms: number, signal: AbortSignal): Promise<void>;
}

/** Makes a bell that has not rung. */
export function createWake(): Wake {
  let current = 0;
  const waiting = new Set<() => void>();
  return {
    generation: () => current,
    ring() {
      current += 1;
      for (const go of [...waiting]) go();
    },
    wait(seen, ms, signal) {
      if (seen !== current || ms <= 0 || signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const go = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', go);
          waiting.delete(go);
          resolve();
        };
        const timer = setTimeout(go, ms);
        signal.addEventListener('abort', go, { once: true });
        waiting.add(go);
      });
    },
  };
}
