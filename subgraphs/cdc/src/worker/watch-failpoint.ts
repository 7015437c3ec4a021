import { readFileSync, rmSync } from 'node:fs';
import type { PassFailpoint } from '../pipeline/failpoint.ts';

const lookEveryMs = 50;

/**
 * Arms the failpoint that a file names, for as long as it is there: the worker that passes the point removes the file and is killed
 * on the spot, as `kill -9` would. Without a file nothing is watched. For proofs: nobody sets it in production.
 */
export function watchFailpoint(file: string | null): PassFailpoint {
  if (file === null) return () => undefined;
  let armed: string | null = null;
  const look = (): void => {
    try {
      armed = readFileSync(file, 'utf8').trim();
    } catch {
      armed = null;
    }
  };
  look();
  setInterval(look, lookEveryMs).unref();
  return (point) => {
    if (point !== armed) return;
    rmSync(file, { force: true });
    process.kill(process.pid, 'SIGKILL');
  };
}
