import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Problem } from '@spine/kernel/problem';
import { identity } from './can-run.ts';
import type { RunAs } from './run-as.ts';

/** Name of the superuser of every cluster that we make. */
export const superuser = 'spine';

/** The locale that needs nothing from the host and sorts the same everywhere (servers from 17 on). */
export const builtinLocale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'] as const;

export interface ClusterOptions {
  readonly binDirectory: string;
  /** Private to the account that runs Postgres; holds the data directory and the socket. */
  readonly clusterDirectory: string;
  readonly runAs: RunAs | null;
  readonly password: string;
  readonly locale?: readonly string[];
}

/**
 * Returns the cluster's data directory, made if there is none. It appears under its name only when complete, so one
 * whose making was interrupted is made again.
 */
export async function initialiseCluster(options: ClusterOptions): Promise<string> {
  const dataDirectory = join(options.clusterDirectory, 'data');
  if (existsSync(dataDirectory)) {
    await assertVersion(options.binDirectory, dataDirectory);
    return dataDirectory;
  }
  const draft = join(options.clusterDirectory, 'data.draft');
  const passwordFile = join(options.clusterDirectory, 'password.draft');
  await rm(draft, { recursive: true, force: true });
  await rm(passwordFile, { force: true });
  try {
    await writeFile(passwordFile, options.password, { mode: 0o600, flag: 'wx' });
    if (options.runAs !== null) await chown(passwordFile, options.runAs.uid, options.runAs.gid);
    await runInitdb(options, draft, passwordFile);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(draft, dataDirectory);
  return dataDirectory;
}

async function runInitdb(options: ClusterOptions, draft: string, passwordFile: string): Promise<void> {
  const child = spawn(
    join(options.binDirectory, 'initdb'),
    [
      `--pgdata=${draft}`,
      `--username=${superuser}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--no-sync',
      ...(options.locale ?? builtinLocale),
    ],
    {
      ...identity(options.runAs),
      cwd: options.clusterDirectory,
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code, signal]: unknown[] = await once(child, 'close').catch((cause: unknown) => {
    throw new Problem('POSTGRES_START_FAILED', 'initdb could not be started', { cause });
  });
  if (code === 0) return;
  const [out, err] = await said;
  throw new Problem(
    'POSTGRES_START_FAILED',
    `initdb ended with ${String(signal ?? code)}: ${`${out}\n${err}`.trim().split('\n').slice(-8).join('\n')}`,
    { fix: 'see the text of initdb above; SPINE_DATABASE_URL can point to a Postgres of your own instead' },
  );
}

async function assertVersion(binDirectory: string, dataDirectory: string): Promise<void> {
  const found = (await readFile(join(dataDirectory, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  const server = await majorOf(binDirectory);
  if (found === server) return;
  throw new Problem(
    'POSTGRES_START_FAILED',
    `${dataDirectory} was made by Postgres ${found || '(unknown)'}, the server is ${server}`,
    {
      fix: 'install the version that made it and move the data, or start with an empty SPINE_HOME',
    },
  );
}

async function majorOf(binDirectory: string): Promise<string> {
  const child = spawn(join(binDirectory, 'postgres'), ['--version'], {
    env: { LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [said] = await Promise.all([text(child.stdout), once(child, 'close')]);
  return /(\d+)(\.|devel|beta|rc)/.exec(said)?.[1] ?? said.trim();
}
