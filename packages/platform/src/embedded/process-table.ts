import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** What the operating system says of a live process. Unknowns are null, never a guess. */
export interface ProcessEntry {
  readonly pid: number;
  /** Tells two processes apart that had the same pid one after the other; only its equality means something. */
  readonly startedAt: string | null;
  readonly executable: string | null;
  readonly workingDirectory: string | null;
  readonly commandLine: string;
}

const hasProc = existsSync('/proc/self/stat');

/** The live process with this pid, or undefined; a zombie is dead. */
export function findProcess(pid: number): ProcessEntry | undefined {
  if (!signalReaches(pid)) return undefined;
  return hasProc ? fromProc(pid) : fromPs(pid);
}

/** Every live Postgres process whose data directory is `dataDirectory` (a real path), orphans of a dead postmaster included. */
export function findPostgresOn(dataDirectory: string): readonly ProcessEntry[] {
  const all = hasProc ? listProc() : listPs();
  return all.filter((entry) => isPostgresOn(entry, dataDirectory));
}

/** Whether the pid is taken as a signal sees it: by a zombie or another user's process too, which is how Postgres looks. */
export function signalReaches(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function isPostgresOn(entry: ProcessEntry, dataDirectory: string): boolean {
  if (entry.workingDirectory !== null) {
    // Every Postgres process works in its data directory, whatever its title says.
    return isPostgres(entry.executable) && entry.workingDirectory === dataDirectory;
  }
  return /\bpostgres(\.exe)?\b/.test(entry.commandLine) && entry.commandLine.includes(`-D ${dataDirectory}`);
}

function isPostgres(executable: string | null): boolean {
  // A reinstall under a running server leaves its executable "(deleted)".
  return executable !== null && basename(executable.replace(/ \(deleted\)$/, '')) === 'postgres';
}

function listProc(): readonly ProcessEntry[] {
  return readdirSync('/proc').flatMap((name) => {
    const entry = /^\d+$/.test(name) ? fromProc(Number(name)) : undefined;
    return entry === undefined ? [] : [entry];
  });
}

function fromProc(pid: number): ProcessEntry | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === null) {
    // Hidden from us (hidepid), or gone since.
    return signalReaches(pid) ? unknown(pid) : undefined;
  }
  // The command name may hold spaces and brackets: the fields begin after its last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return {
    pid,
    startedAt: fields[19] ?? null,
    executable: attempt(() => readlinkSync(`/proc/${pid}/exe`)),
    workingDirectory: attempt(() => readlinkSync(`/proc/${pid}/cwd`)),
    commandLine:
      attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
        ?.replaceAll('\0', ' ')
        .trim() ?? '',
  };
}

function fromPs(pid: number): ProcessEntry | undefined {
  const [line] = runPs(['-o', 'pid=,stat=,lstart=,command=', '-p', String(pid)]);
  return line === undefined ? unknown(pid) : parsePsLine(line);
}

function listPs(): readonly ProcessEntry[] {
  return runPs(['-axo', 'pid=,stat=,lstart=,command=']).flatMap((line) => parsePsLine(line) ?? []);
}

function parsePsLine(line: string): ProcessEntry | undefined {
  const found = /^\s*(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(line);
  if (found === null || found[2]?.startsWith('Z')) return undefined;
  return {
    pid: Number(found[1]),
    startedAt: found[3] ?? null,
    executable: null,
    workingDirectory: null,
    commandLine: found[4] ?? '',
  };
}

function runPs(args: readonly string[]): readonly string[] {
  const { stdout } = spawnSync('ps', args, { encoding: 'utf8', env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' } });
  return (stdout ?? '').split('\n').filter((line) => line.trim() !== '');
}

function unknown(pid: number): ProcessEntry {
  return { pid, startedAt: null, executable: null, workingDirectory: null, commandLine: '' };
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
