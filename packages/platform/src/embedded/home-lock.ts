import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { Problem } from '@spine/kernel/problem';
import { findProcess } from './process-table.ts';

interface Holder {
  readonly pid: number;
  readonly startedAt: string | null;
}

/**
 * Takes a directory for this process and returns the way to give it back. One held by a live process is refused; one
 * whose process is gone, or whose pid is another program's by now, is taken over.
 */
export async function lockHome(path: string, home: string): Promise<() => Promise<void>> {
  const mine: Holder = { pid: process.pid, startedAt: findProcess(process.pid)?.startedAt ?? null };
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, JSON.stringify(mine), { mode: 0o600, flag: 'wx' });
  try {
    // Bounded: each round either takes the lock, meets a live holder, or removes one dead holder's file.
    for (let round = 0; round < 10; round += 1) {
      if (await linked(draft, path)) return () => rm(path, { force: true });
      const holder = await readHolder(path);
      if (holder !== undefined && isAlive(holder)) throw inUse(home, holder.pid);
      await removeStale(path);
    }
    throw inUse(home, undefined);
  } finally {
    await rm(draft, { force: true });
  }
}

async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function removeStale(path: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  // Between our look and the rename a third process may have taken the lock afresh: then it gets it back.
  const moved = await readHolder(aside);
  if (moved !== undefined && isAlive(moved)) await linked(aside, path);
  await rm(aside, { force: true });
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const document: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof document !== 'object' || document === null || !('pid' in document)) return undefined;
    const startedAt =
      'startedAt' in document && typeof document.startedAt === 'string' ? document.startedAt : null;
    return typeof document.pid === 'number' ? { pid: document.pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(holder: Holder): boolean {
  const entry = findProcess(holder.pid);
  if (entry === undefined) return false;
  return entry.startedAt === null || holder.startedAt === null || entry.startedAt === holder.startedAt;
}

function inUse(home: string, pid: number | undefined): Problem {
  const holder = pid === undefined ? 'another process' : `process ${pid}`;
  return new Problem('POSTGRES_START_FAILED', `${home} is in use by ${holder}`, {
    fix: 'stop that process, or give this one another SPINE_HOME',
  });
}
