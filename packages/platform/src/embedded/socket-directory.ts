import { createHash } from 'node:crypto';
import { chmod, chown, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@spine/kernel/problem';
import type { RunAs } from './run-as.ts';
import { isTrustedDirectory } from './trusted-directory.ts';

/** A socket's path may have about 107 bytes (104 on macOS), and Postgres adds `/.s.PGSQL.NNNNN.lock`. */
const longest = 80;

/**
 * A private directory for the server's socket, emptied of what a dead server left: its socket lock names a pid that
 * may be another program's by now. Call it only when no server runs on the cluster.
 */
export async function ensureSocketDirectory(clusterDirectory: string, runAs: RunAs | null): Promise<string> {
  const inside = join(clusterDirectory, 'socket');
  const path = Buffer.byteLength(inside) <= longest ? inside : shortPath(clusterDirectory);
  const created = await mkdir(path, { mode: 0o700 }).then(
    () => true,
    () => false,
  );
  if (created) {
    await chmod(path, 0o700);
    if (runAs !== null) await chown(path, runAs.uid, runAs.gid);
  }
  const owner = runAs?.uid ?? process.getuid?.();
  if (owner !== undefined && !(await isTrustedDirectory(path, owner))) {
    throw new Problem('POSTGRES_START_FAILED', `${path} is not a private directory of ours`, {
      fix: `remove ${path}`,
    });
  }
  for (const name of await readdir(path)) {
    if (name.startsWith('.s.PGSQL.')) await rm(join(path, name), { force: true });
  }
  return path;
}

function shortPath(clusterDirectory: string): string {
  return `/tmp/spine-socket-${createHash('sha256').update(clusterDirectory).digest('hex').slice(0, 16)}`;
}
