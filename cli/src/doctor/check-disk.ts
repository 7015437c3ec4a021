import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Finding } from './finding.ts';

const wantedBytes = 2 * 1024 ** 3;

/** Free space where the home is (or will be). */
export async function checkDisk(home: string): Promise<Finding> {
  const stats = await statfs(home).catch(() => statfs(dirname(home)));
  const free = stats.bavail * stats.bsize;
  const good = free >= wantedBytes;
  return {
    name: 'disk',
    good,
    detail: `${(free / 1024 ** 3).toFixed(1)} GiB free at ${home}`,
    ...(!good && { fix: 'Free at least 2 GiB, or set SPINE_HOME to a larger disk.' }),
  };
}
