import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '@spine/kernel/problem';
import { chooseFreePort } from '@spine/platform/embedded/choose-port';
import { chooseRunAs } from '@spine/platform/embedded/run-as';
import { type RunningCluster, runCluster } from '@spine/platform/embedded/run-cluster';
import type { Settings } from '@spine/platform/embedded/server-settings';
import { startEmbeddedPostgres } from '@spine/platform/embedded/start-embedded-postgres';
import { createRecordingLog } from './recording-log.ts';

/** A whole server of a test's own, for what a database in the shared one cannot show: crashes, settings, versions. */
export interface TestPostgres {
  /** Superuser, database `postgres`. */
  readonly url: string;
  readonly port: number;
  urlFor(database: string): string;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
  /** Kills the postmaster without a word, as a lost machine would; data stays. */
  kill9(): Promise<void>;
  /** Starts it again on the same port and data, after `kill9` or while it runs. */
  restart(): Promise<void>;
}

export interface TestPostgresOptions {
  /** `embedded` is the version we ship; `15` is Debian's, where installed. */
  readonly version: 'embedded' | '15';
  readonly settings?: Settings;
}

const debian15 = '/usr/lib/postgresql/15/bin';

/** The programs of a Postgres 15 on this machine, or null: print the reason and skip. */
export function findPostgres15(): string | null {
  return existsSync(join(debian15, 'initdb')) && existsSync(join(debian15, 'postgres')) ? debian15 : null;
}

/** Starts a server in a temporary directory. fsync is off: killing a process loses nothing, only a lost machine would. */
export async function startPostgres({ version, settings = {} }: TestPostgresOptions): Promise<TestPostgres> {
  const home = await mkdtemp(join(tmpdir(), 'spine-pg-'));
  // The account that runs Postgres when we are root must pass through.
  await chmod(home, 0o711);
  const start = version === '15' ? await starter15(home, settings) : starterEmbedded(home, settings);
  let cluster: RunningCluster;
  try {
    cluster = await start();
  } catch (error) {
    await rm(home, { recursive: true, force: true });
    throw error;
  }
  const kill9 = async (): Promise<void> => {
    const gone = new Promise<void>((resolve) => cluster.onExit(() => resolve()));
    process.kill(cluster.pid, 'SIGKILL');
    await gone;
    // Frees the home; what the postmaster left is cleared by the next start.
    await cluster.stop();
  };
  return {
    url: cluster.url,
    port: cluster.port,
    urlFor: cluster.urlFor,
    kill9,
    async restart() {
      await cluster.stop();
      cluster = await start();
    },
    async stop() {
      await cluster.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function starterEmbedded(home: string, settings: Settings): () => Promise<RunningCluster> {
  return () =>
    startEmbeddedPostgres({ home, log: createRecordingLog(), settings: { fsync: false, ...settings } });
}

async function starter15(home: string, settings: Settings): Promise<() => Promise<RunningCluster>> {
  const binDirectory = findPostgres15();
  if (binDirectory === null) throw new Problem('NOT_SUPPORTED', `there is no Postgres 15 in ${debian15}`);
  const runAs = chooseRunAs();
  const clusterDirectory = join(home, 'cluster');
  await mkdir(clusterDirectory, { mode: 0o700 });
  if (runAs !== null) await chown(clusterDirectory, runAs.uid, runAs.gid);
  const port = await chooseFreePort();
  return () =>
    runCluster({
      binDirectory,
      clusterDirectory,
      runAs,
      password: 'test',
      // 15 knows no builtin locale provider.
      locale: ['--locale=C'],
      port,
      settings: { fsync: false, ...settings },
      log: createRecordingLog(),
    });
}
