/** What must be undone, in the reverse of the order in which it was made. */
export interface DisposeStack {
  defer(undo: () => Promise<unknown> | unknown): void;
  /** Undoes everything once; each step has a deadline, and a step that fails does not stop the next. Throws the causes together. */
  close(): Promise<void>;
}

/** A stack whose steps may take `stepMs` each. */
export function createDisposeStack(stepMs = 30_000): DisposeStack {
  const steps: (() => Promise<unknown> | unknown)[] = [];
  let closing: Promise<void> | null = null;

  async function closeAll(): Promise<void> {
    const causes: unknown[] = [];
    for (let undo = steps.pop(); undo !== undefined; undo = steps.pop()) {
      try {
        await withDeadline(Promise.resolve(undo()), stepMs);
      } catch (error) {
        causes.push(error);
      }
    }
    if (causes.length > 0) throw new AggregateError(causes, `${causes.length} step(s) of closing failed`);
  }

  return {
    defer: (undo) => void steps.push(undo),
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}

async function withDeadline(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not closed within ${ms} ms`)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
