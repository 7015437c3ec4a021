import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processEnv } from '../config.ts';

/** The root of the repository. */
export const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** How a command ended. */
export interface CommandEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of a test's own, with a `spine` on the path of what runs in it. */
export interface WorkFolder {
  readonly path: string;
  write(file: string, content: string | object): void;
  run(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CommandEnd>;
  /** Runs `spine`. */
  spine(...args: readonly string[]): Promise<CommandEnd>;
  remove(): void;
}

/** Makes a folder; `env` goes to everything that runs in it. */
export function createWorkFolder(env: Readonly<Record<string, string>> = {}): WorkFolder {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'spine-cli-')));
  const bin = join(path, '.bin');
  mkdirSync(bin);
  // As scripts/run.js starts it, without the process that would wait for it.
  const tsx = createRequire(import.meta.url).resolve('tsx');
  const start = `'${process.execPath}' --conditions=@spine/source --import 'file://${tsx}'`;
  const spine = `#!/bin/sh\nTSX_TSCONFIG_PATH='${join(repository, 'tsconfig.dev.json')}' exec ${start} '${join(repository, 'cli/src/main.ts')}' "$@"\n`;
  writeFileSync(join(bin, 'spine'), spine, { mode: 0o755 });
  const run: WorkFolder['run'] = async (program, args, more = {}) => {
    const child = spawn(program, args, {
      cwd: path,
      env: {
        ...processEnv,
        PATH: `${bin}${delimiter}${processEnv['PATH']}`,
        // Nothing of whoever runs the tests: no installation, no token, no settings of git.
        SPINE_HOME: join(path, '.spine'),
        SPINE_TOKEN: '',
        GIT_CONFIG_GLOBAL: '/dev/null',
        ...env,
        ...more,
      },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    });
    return { code, stdout, stderr };
  };
  return {
    path,
    write(file, content) {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      const text = typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`;
      writeFileSync(join(path, file), text);
    },
    run,
    spine: (...args) => run('spine', args),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
