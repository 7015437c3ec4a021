import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';

/**
 * Who listens on a TCP port of this machine, as `pid 4711 (node main.ts)`; undefined when that cannot be seen, which is
 * the rule for processes of other users.
 */
export async function findPortHolder(port: number): Promise<string | undefined> {
  try {
    const pid = process.platform === 'linux' ? await linuxHolder(port) : await lsofHolder(port);
    return pid === undefined ? undefined : await describe(pid);
  } catch {
    // A courtesy of an error message must never become an error of its own.
    return undefined;
  }
}

async function linuxHolder(port: number): Promise<number | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return undefined;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode !== undefined && inodes.has(inode)) return Number(pid);
    }
  }
  return undefined;
}

/** The socket inodes of a `/proc/net/tcp` table that listen (state 0A) on a port. */
export function listeningInodes(table: string, port: number): readonly string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, local, , state, , , , , , inode]) =>
      local?.endsWith(`:${hexPort}`) && state === '0A' && inode !== undefined ? [inode] : [],
    );
}

async function lsofHolder(port: number): Promise<number | undefined> {
  const { stdout } = await promisify(execFile)('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp'], {
    timeout: 3_000,
  });
  const pid = /^p(\d+)$/m.exec(stdout)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

/** Program and script only: the rest of a command line may hold secrets. */
async function describe(pid: number): Promise<string> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const [program = '', ...rest] = command.split('\0');
  const script = rest.find((word) => !word.startsWith('-') && /\.[cm]?[jt]s$/.test(word));
  const words = [basename(program), ...(script === undefined ? [] : [basename(script)])].filter(
    (w) => w !== '',
  );
  return words.length === 0 ? `pid ${pid}` : `pid ${pid} (${words.join(' ')})`;
}
