import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program of this repository run from source in a process of its own. */
export interface SourceProcess {
  readonly child: ChildProcess;
  /** The next line it prints; rejects with what it said on stderr if it ends first. */
  nextLine(): Promise<string>;
  /** Ends it without a word and waits until it is gone. */
  kill9(): Promise<void>;
}

/** Starts a TypeScript file, as another account if one is given. */
export function spawnSource(
  file: URL,
  args: readonly string[],
  account: { readonly uid?: number; readonly gid?: number } = {},
): SourceProcess {
  const child = spawn(
    process.execPath,
    ['--conditions=@spine/source', '--import', import.meta.resolve('tsx'), fileURLToPath(file), ...args],
    { ...account, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const gone = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const lines =
    child.stdout === null ? undefined : createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    async nextLine() {
      const next = await lines?.next();
      if (next === undefined || next.done) throw new Error(`${fileURLToPath(file)} ended: ${said}`);
      return next.value;
    },
    async kill9() {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
