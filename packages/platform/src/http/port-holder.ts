import { readdir, readFile, readlink } from 'node:fs/promises';

/** `name (pid N)` of the process that listens on a port of this machine; undefined where that cannot be found out. */
export async function findPortHolder(port: number): Promise<string | undefined> {
  try {
    const inodes = await listeningInodes(port);
    if (inodes.size === 0) return undefined;
    for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
      if (await holds(pid, inodes)) {
        const command = (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
        return `${command} (pid ${pid})`;
      }
    }
  } catch {
    // No /proc on this system, or none that we may read: the port is busy all the same.
  }
  return undefined;
}

async function listeningInodes(port: number): Promise<ReadonlySet<string>> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const text = await readFile(table, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const [, local = '', , state = '', , , , , , inode = ''] = line.trim().split(/\s+/);
      if (state === '0A' && local.endsWith(`:${wanted}`)) inodes.add(inode);
    }
  }
  return inodes;
}

async function holds(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  for (const fd of await readdir(folder).catch(() => [])) {
    const target = await readlink(`${folder}/${fd}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}
