/**
 * Runs work under a signal that aborts with `outer` or after `ms` (reason: a DOMException TimeoutError). Leaves no timer
 * and no listener behind, however long `outer` lives: AbortSignal.any would keep an entry on it for each call.
 */
export async function withDeadline<T>(
  outer: AbortSignal,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const group = groups.get(outer) ?? openGroup(outer);
  group.controllers.add(controller);
  if (outer.aborted) controller.abort(outer.reason);
  const timer = setTimeout(
    () => controller.abort(new DOMException(`no answer within ${ms} ms`, 'TimeoutError')),
    ms,
  );
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    group.controllers.delete(controller);
    if (group.controllers.size === 0) group.close();
  }
}

/** All that is to be aborted with one signal: a plan may have many fetches open at once, and one listener serves them. */
interface Group {
  readonly controllers: Set<AbortController>;
  close(): void;
}

const groups = new WeakMap<AbortSignal, Group>();

function openGroup(outer: AbortSignal): Group {
  const controllers = new Set<AbortController>();
  const onAbort = (): void => {
    for (const controller of controllers) controller.abort(outer.reason);
  };
  outer.addEventListener('abort', onAbort, { once: true });
  const group: Group = {
    controllers,
    close() {
      groups.delete(outer);
      outer.removeEventListener('abort', onAbort);
    },
  };
  groups.set(outer, group);
  return group;
}
