export interface DisposeStack {
  /** Adds what is to be done at the end; the last added is done first. */
  defer(dispose: () => unknown): void;
  /** Undoes everything, once. Throws one AggregateError when something failed or took longer than its deadline. */
  close(): Promise<void>;
}

/** Remembers how to undo what was opened, so that closing is the opening backwards, whatever fails on the way. */
export function createDisposeStack({
  deadlineMs = 10_000,
}: {
  readonly deadlineMs?: number;
} = {}): DisposeStack {
  const deferred: (() => unknown)[] = [];
  let closing: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    const causes: unknown[] = [];
    for (let dispose = deferred.pop(); dispose !== undefined; dispose = deferred.pop()) {
      try {
        await withDeadline(dispose, deadlineMs);
      } catch (error) {
        causes.push(error);
      }
    }
    if (causes.length > 0) throw new AggregateError(causes, `${causes.length} of the parts did not close`);
  }

  return {
    defer(dispose) {
      deferred.push(dispose);
    },
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}

async function withDeadline(dispose: () => unknown, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not closed within ${ms} ms`)), ms);
  });
  try {
    await Promise.race([Promise.resolve().then(dispose), late]);
  } finally {
    clearTimeout(timer);
  }
}
