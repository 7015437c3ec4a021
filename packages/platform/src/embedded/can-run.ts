import { spawnSync } from 'node:child_process';
import type { RunAs } from './run-as.ts';

/** Whether the account can execute the server with its libraries. Tried, not computed: mounts and policies have a say. */
export function canRun(postgres: string, runAs: RunAs): boolean {
  const { status } = spawnSync(postgres, ['--version'], { ...identity(runAs), env: { LC_ALL: 'C' } });
  return status === 0;
}

/** Whether the account can reach a directory and write in it. */
export function canWriteIn(directory: string, runAs: RunAs): boolean {
  const script = 'cd "$1" && test -w .';
  return spawnSync('/bin/sh', ['-c', script, 'sh', directory], identity(runAs)).status === 0;
}

/** Whether the account can reach a directory and list what is in it. */
export function canRead(directory: string, runAs: RunAs): boolean {
  const script = 'cd "$1" && test -r .';
  return spawnSync('/bin/sh', ['-c', script, 'sh', directory], identity(runAs)).status === 0;
}

/** The spawn options that run a child as the account; none for ourselves. */
export function identity(runAs: RunAs | null): { uid?: number; gid?: number } {
  return runAs === null ? {} : { uid: runAs.uid, gid: runAs.gid };
}
