import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the scripts of this folder need, as pip knows it. */
const requirement = 'confluent-kafka[avro,json,protobuf]==2.16.1';

/** A Python that has Confluent's client. */
export interface Python {
  /** Runs a script and answers with what it printed. Throws with what it said on failing. */
  run(script: string, ...args: readonly string[]): Promise<string>;
}

/**
 * Finds or makes a virtual environment with Confluent's Python client, in a cache of this user's own; or says why there is none.
 * Making it takes some seconds, once.
 */
export async function findPython(): Promise<Python | string> {
  const folder = join(tmpdir(), `data-spine-python-${userInfo().uid}`, requirement.replaceAll(/\W+/g, '-'));
  const python = join(folder, 'bin', 'python');
  try {
    await access(join(folder, 'complete'));
  } catch {
    const fault = await make(folder, python);
    if (fault !== undefined) return fault;
  }
  return {
    async run(script, ...args) {
      const { stdout } = await run(python, [script, ...args], { timeout: 60_000 });
      return stdout;
    },
  };
}

async function make(folder: string, python: string): Promise<string | undefined> {
  try {
    await run('python3', ['-m', 'venv', folder], { timeout: 30_000 });
    await run(python, ['-m', 'pip', 'install', '--quiet', '--only-binary', ':all:', requirement], {
      timeout: 60_000,
    });
    await run('touch', [join(folder, 'complete')]);
    return undefined;
  } catch (error) {
    const [reason] = String(error).split('\n', 1);
    return `no Python with ${requirement}: ${reason}`;
  }
}
