import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunFile, readRunFile } from '@spine/cli/client/run-file';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A `spine up` of its own: own home, free ports, real processes. */
export interface SpineProcess {
  readonly home: string;
  readonly run: RunFile;
  readonly child: ChildProcess;
  /** What it has printed so far. */
  output(): string;
  /** Ctrl-C: drains, answers the exit code. */
  stop(): Promise<number | null>;
  /** Runs another `spine` command against it. */
  spine(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }>;
}

const readyMs = 60_000;

/** Makes a home under the system's temporary folder; `remove` takes it away. */
export function createHome(): { readonly home: string; remove(): void } {
  const home = mkdtempSync(join(tmpdir(), 'spine-e2e-'));
  // Run by root, Postgres is another account that keeps its data in there.
  chmodSync(home, 0o711);
  return { home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** Starts `spine up ARGS` and waits until it has applied its file and printed its URLs. */
export async function startSpineProcess(options: {
  readonly home: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}): Promise<SpineProcess> {
  const env = {
    ...process.env,
    SPINE_HOME: options.home,
    SPINE_GATEWAY_PORT: '0',
    SPINE_REGISTRY_PORT: '0',
    SPINE_LINEAGE_PORT: '0',
    SPINE_CDC_PORT: '0',
    SPINE_GOVERNANCE_PORT: '0',
    ...options.env,
  };
  const spineArgs = (args: readonly string[]) => [join(root, 'scripts/run.js'), 'cli/src/main.ts', ...args];
  const child = spawn(process.execPath, spineArgs(['up', ...(options.args ?? [])]), {
    cwd: options.home,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    output += String(chunk);
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));

  const deadline = Date.now() + readyMs;
  let run: RunFile | undefined;
  while (run === undefined || !output.includes('ready in')) {
    if (child.exitCode !== null) throw new Error(`spine up ended with ${child.exitCode}:\n${output}`);
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`spine up was not ready in ${readyMs / 1000} s:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    run = readRunFile(options.home);
  }
  return {
    home: options.home,
    run,
    child,
    output: () => output,
    async stop() {
      if (child.exitCode === null) child.kill('SIGTERM');
      return await exited;
    },
    spine(...args) {
      return new Promise((resolve) => {
        const command = spawn(process.execPath, spineArgs(args), { cwd: options.home, env });
        let stdout = '';
        let stderr = '';
        command.stdout.on('data', (chunk) => {
          stdout += String(chunk);
        });
        command.stderr.on('data', (chunk) => {
          stderr += String(chunk);
        });
        command.once('close', (code) => resolve({ code, stdout, stderr }));
      });
    },
  };
}
