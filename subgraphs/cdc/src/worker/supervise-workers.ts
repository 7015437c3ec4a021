import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';

export interface Workers {
  /** Process ids of the living workers. */
  pids(): readonly number[];
  close(): Promise<void>;
}

const drainMs = 15_000;
/** A worker that dies sooner is probably broken: the next one waits, longer each time. */
const quickDeathMs = 2_000;

interface Death {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly pid: number | undefined;
}

/** Starts workers as child processes and replaces each that dies, with backoff. Closing drains them, then insists. */
export function superviseWorkers(deps: {
  readonly count: number;
  readonly env: Readonly<Record<string, string>>;
  /** Told of the process id of a worker that is certainly gone, before another is started in its place. */
  readonly onDeath: (pid: number) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}): Workers {
  const { clock, log } = deps;
  const stop = new AbortController();
  const living = new Set<ChildProcess>();

  async function keep(index: number): Promise<void> {
    let failures = 0;
    while (!stop.signal.aborted) {
      const startedAt = clock.now().getTime();
      const { code, signal, pid } = await run(index);
      if (stop.signal.aborted) return;
      const lived = clock.now().getTime() - startedAt;
      failures = lived > quickDeathMs ? 0 : failures + 1;
      log.warn({ event: 'worker.died', index, code, signal, livedMs: lived });
      if (pid !== undefined) {
        await deps
          .onDeath(pid)
          .catch((error: unknown) => log.warn({ event: 'worker.not_mourned', err: error }));
      }
      await clock.sleep(Math.min(5_000, 50 * 2 ** failures), stop.signal).catch(() => undefined);
    }
  }

  function run(index: number): Promise<Death> {
    return new Promise((resolve) => {
      const child = fork(workerEntry(), [], {
        env: { ...deps.env, SPINE_CDC_WORKER_INDEX: String(index) },
        execArgv: process.execArgv,
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        // Ctrl-C in a terminal reaches the service alone, which then drains its workers in order.
        detached: true,
      });
      living.add(child);
      child.once('error', (error) => log.error({ event: 'worker.not_started', err: error }));
      child.once('close', (code, signal) => {
        living.delete(child);
        resolve({ code, signal, pid: child.pid });
      });
    });
  }

  const keeping = Array.from({ length: deps.count }, (_, index) => keep(index));

  return {
    pids: () => [...living].flatMap((child) => (child.pid === undefined ? [] : [child.pid])),
    async close() {
      stop.abort();
      for (const child of living) child.kill('SIGTERM');
      const insist = setTimeout(() => {
        for (const child of living) child.kill('SIGKILL');
      }, drainMs);
      await Promise.all(keeping);
      clearTimeout(insist);
    },
  };
}

/** The worker's entry beside this file: .ts when run from source, .js when built. */
function workerEntry(): string {
  return fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './main.ts' : './main.js', import.meta.url));
}
