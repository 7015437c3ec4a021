import { readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '@spine/kernel/problem';
import { findPostgresOn, type ProcessEntry, signalReaches } from './process-table.ts';

/** How many processes were stopped, and whether a pid file that would have blocked the start was removed. */
export interface Leftovers {
  readonly stopped: number;
  readonly pidFileRemoved: boolean;
}

/**
 * Leaves no Postgres process on the data directory, whoever started it: a postmaster that outlived its parent is asked
 * to stop, children of a killed one are waited for. Only then, and only if its pid now belongs to something that is no
 * Postgres of this directory (a program that got the number, or a zombie), the pid file goes: Postgres would refuse to
 * start beside it.
 */
export async function stopLeftovers(dataDirectory: string): Promise<Leftovers> {
  const directory = await realpath(dataDirectory).catch(() => undefined);
  if (directory === undefined) return { stopped: 0, pidFileRemoved: false };
  const pidFile = join(directory, 'postmaster.pid');
  const recorded = Number.parseInt(
    (await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0] ?? '',
    10,
  );

  const found = findPostgresOn(directory);
  const postmaster = found.find((entry) => entry.pid === recorded);
  if (postmaster !== undefined) {
    signal([postmaster], 'SIGINT');
    await goneWithin(directory, 10_000);
  } else if (found.length > 0) {
    // Children notice by themselves that their postmaster died.
    await goneWithin(directory, 5_000);
  }
  for (const name of ['SIGQUIT', 'SIGKILL'] as const) {
    const left = findPostgresOn(directory);
    if (left.length === 0) break;
    signal(left, name);
    await goneWithin(directory, 5_000);
  }
  const survivor = findPostgresOn(directory)[0];
  if (survivor !== undefined) {
    throw new Problem(
      'POSTGRES_START_FAILED',
      `Postgres process ${survivor.pid} on ${directory} does not stop`,
      {
        fix: `stop process ${survivor.pid}`,
      },
    );
  }
  const pidFileRemoved = recorded > 0 && signalReaches(recorded);
  if (pidFileRemoved) await rm(pidFile, { force: true });
  return { stopped: found.length, pidFileRemoved };
}

/** Whether no Postgres process is left on the directory (a real path) before the deadline. */
async function goneWithin(directory: string, deadlineMs: number): Promise<boolean> {
  const deadline = performance.now() + deadlineMs;
  while (findPostgresOn(directory).length > 0) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

function signal(entries: readonly ProcessEntry[], name: NodeJS.Signals): void {
  for (const { pid } of entries) {
    try {
      process.kill(pid, name);
    } catch {
      // Gone since we looked, which is what we want.
    }
  }
}
