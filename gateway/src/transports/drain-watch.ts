/** Waits for a client to take what was sent to it. */
export interface DrainWatch {
  /** To be called whenever the client has taken something. */
  progressed(): void;
  /** Resolves with true once `isFull` says no, with false when there was no progress for so long, or after `end`. */
  drained(withinMs: number): Promise<boolean>;
  /** The client is gone. */
  end(): void;
}

/** Watches one client's socket, on behalf of all that is sent over it. */
export function createDrainWatch(isFull: () => boolean): DrainWatch {
  const waiting = new Set<() => void>();
  let progressedAt = performance.now();
  let over = false;
  const look = (): void => {
    for (const each of [...waiting]) each();
  };
  return {
    progressed() {
      progressedAt = performance.now();
      if (waiting.size > 0 && !isFull()) look();
    },
    drained(withinMs) {
      if (over || !isFull()) return Promise.resolve(!over);
      progressedAt = performance.now();
      return new Promise((resolve) => {
        let timer: NodeJS.Timeout;
        const answer = (drained: boolean): void => {
          clearTimeout(timer);
          waiting.delete(check);
          resolve(drained);
        };
        const check = (): void => {
          if (over) answer(false);
          else if (!isFull()) answer(true);
        };
        const wait = (): void => {
          const left = progressedAt + withinMs - performance.now();
          if (left <= 0) answer(false);
          else timer = setTimeout(wait, left);
        };
        wait();
        waiting.add(check);
      });
    },
    end() {
      over = true;
      look();
    },
  };
}
