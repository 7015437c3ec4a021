import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { identity } from './can-run.ts';
import type { RunAs } from './run-as.ts';

/** How a postmaster ended, with the last lines it said. */
export interface PostmasterExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lastLines: readonly string[];
}

/** A running server process, ours from spawn to exit. */
export interface Postmaster {
  /** Undefined if it could not even be spawned. */
  readonly pid: number | undefined;
  /** Set once it is gone. */
  exit(): PostmasterExit | undefined;
  readonly exited: Promise<PostmasterExit>;
  /** Fast shutdown, then immediate, then kill, each with a deadline; returns at once if it is gone. */
  stop(): Promise<PostmasterExit>;
}

export interface PostmasterOptions {
  readonly binDirectory: string;
  readonly dataDirectory: string;
  readonly runAs: RunAs | null;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

const keptLines = 40;
const stopDeadlines = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
] as const;

/** Spawns the server. That it accepts connections is for the caller to find out, by connecting. */
export function spawnPostmaster({
  binDirectory,
  dataDirectory,
  runAs,
  settings,
}: PostmasterOptions): Postmaster {
  const child = spawn(
    join(binDirectory, 'postgres'),
    [
      '-D',
      dataDirectory,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${settingText(value)}`]),
    ],
    {
      ...identity(runAs),
      cwd: dataDirectory,
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' },
      stdio: ['ignore', 'ignore', 'pipe'],
      // Its own process group: Ctrl-C at a terminal must reach us alone, or the database is gone before we drained.
      detached: true,
    },
  );
  const lines = keepLastLines(child);
  let ended: PostmasterExit | undefined;
  const exited = new Promise<PostmasterExit>((resolve) => {
    const settle = (code: number | null, signal: NodeJS.Signals | null): void => {
      ended ??= { code, signal, lastLines: [...lines] };
      resolve(ended);
    };
    child.once('close', settle);
    child.once('error', (error) => {
      lines.push(error.message);
      settle(null, null);
    });
    // A child of the postmaster may hold its stderr open for a moment after it died.
    child.once('exit', (code, signal) => setTimeout(() => settle(code, signal), 200));
  });
  return {
    pid: child.pid,
    exit: () => ended,
    exited,
    async stop() {
      for (const [signal, deadlineMs] of stopDeadlines) {
        if (ended !== undefined) return ended;
        child.kill(signal);
        const deadline = new AbortController();
        await Promise.race([
          exited,
          sleep(deadlineMs, undefined, { signal: deadline.signal }).catch(() => undefined),
        ]);
        deadline.abort();
      }
      return exited;
    },
  };
}

function keepLastLines(child: ChildProcess): string[] {
  const lines: string[] = [];
  if (child.stderr === null) return lines;
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > keptLines) lines.shift();
  });
  return lines;
}

function settingText(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return String(value);
}
