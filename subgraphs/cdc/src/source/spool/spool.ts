import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@spine/kernel/problem';
import { openSpoolFile, type SpoolFile } from './spool-file.ts';

/** The files on disk that one stream keeps for transactions too large for memory. */
export interface Spool {
  open(): SpoolFile;
  /** Whether the disk is so far behind that reading should wait for `settled`. */
  crowded(): boolean;
  settled(): Promise<void>;
  /** Gives back every file, read or not. */
  close(): Promise<void>;
}

const maxUnwrittenBytes = 4 * 1024 * 1024;

/** A spool in this folder, which is made when first needed. A fault of the disk ends the stream. */
export function createSpool(folder: string, route: string, onFault: (error: unknown) => void): Spool {
  const files = new Set<SpoolFile>();
  return {
    open() {
      const file = openSpoolFile(folder, (error) => onFault(spoolProblem(error, folder, route)));
      const kept: SpoolFile = {
        ...file,
        async read(at, length) {
          try {
            return await file.read(at, length);
          } catch (error) {
            // Read while the sink is written to: the sink must not be blamed.
            throw spoolProblem(error, folder, route);
          }
        },
        async close() {
          files.delete(kept);
          await file.close();
        },
      };
      files.add(kept);
      return kept;
    },
    crowded() {
      let unwritten = 0;
      for (const file of files) unwritten += file.unwritten();
      return unwritten > maxUnwrittenBytes;
    },
    async settled() {
      for (const file of files) await file.settled();
    },
    async close() {
      await Promise.all([...files].map((file) => file.close()));
    },
  };
}

/**
 * Removes names that a worker left which was killed between opening a file and taking its name away. Files in use have no name, so
 * this is right at any time.
 */
export async function sweepSpool(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) if (name.endsWith('.spool')) await rm(join(folder, name), { force: true });
}

function spoolProblem(error: unknown, folder: string, route: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string') return error;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return new Problem(
    'SPOOL_FAILED',
    `route ${route}: a transaction too large for memory cannot be kept in ${folder}: ${full ? 'the disk is full' : code}`,
    {
      fix: full
        ? 'Make room there, or let SPINE_CDC_SPOOL name a folder on a larger disk; the route goes on by itself.'
        : 'Let SPINE_CDC_SPOOL name a folder that the worker may write to; the route goes on by itself.',
      cause: error,
    },
  );
}
