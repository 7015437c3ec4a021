import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '@spine/kernel/problem';
import type { Log } from '../log/create-log.ts';
import { awaitReady } from './await-ready.ts';
import { type ClusterOptions, initialiseCluster, superuser } from './initialise-cluster.ts';
import { type PostmasterExit, spawnPostmaster } from './postmaster.ts';
import { type Settings, serverSettings } from './server-settings.ts';
import { ensureSocketDirectory } from './socket-directory.ts';
import { stopLeftovers } from './stop-leftovers.ts';

export interface RunClusterOptions extends ClusterOptions {
  readonly port: number;
  readonly settings?: Settings;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** A server that answered a query. */
export interface RunningCluster {
  readonly pid: number;
  readonly port: number;
  /** Superuser, database `postgres`. Holds the password: never log it. */
  readonly url: string;
  urlFor(database: string): string;
  /** Leaves no process; returns at once if it is already gone. */
  stop(): Promise<void>;
  /** Calls `fn` once if the server ends without `stop()` having asked for it, at once if it already has. */
  onExit(fn: (exit: PostmasterExit) => void): void;
}

const attempts = 5;

/**
 * Starts the server on the cluster, made if there is none, after stopping whatever still runs on it. Tries again a few
 * times when a dying predecessor still holds something; any other refusal is POSTGRES_START_FAILED with the server's
 * own words, PORT_BUSY if the port was taken.
 */
export async function runCluster(options: RunClusterOptions): Promise<RunningCluster> {
  const dataDirectory = await initialiseCluster(options);
  const urlFor = (database: string): string => {
    const credentials = `${superuser}:${encodeURIComponent(options.password)}`;
    return `postgres://${credentials}@127.0.0.1:${options.port}/${encodeURI(database)}`;
  };
  for (let attempt = 1; ; attempt += 1) {
    const leftovers = await stopLeftovers(dataDirectory);
    if (leftovers.stopped > 0 || leftovers.pidFileRemoved) {
      options.log.warn({ event: 'postgres.leftovers_removed', ...leftovers });
    }
    const socketDirectory = await ensureSocketDirectory(options.clusterDirectory, options.runAs);
    const postmaster = spawnPostmaster({
      ...options,
      dataDirectory,
      settings: serverSettings(options.port, socketDirectory, options.settings ?? {}),
    });
    const outcome = await awaitReady(postmaster, urlFor('postgres'), dataDirectory);
    if (outcome.ready && postmaster.pid !== undefined) {
      const { pid } = postmaster;
      let asked = false;
      return {
        pid,
        port: options.port,
        url: urlFor('postgres'),
        urlFor,
        async stop() {
          asked = true;
          await postmaster.stop();
          // A killed postmaster's children end a moment after it.
          await stopLeftovers(dataDirectory);
        },
        onExit(fn) {
          void postmaster.exited.then((exit) => {
            if (!asked) fn(exit);
          });
        },
      };
    }
    const failure = startFailure(outcome.ready ? undefined : outcome.exit, options.port);
    if (failure.code === 'PORT_BUSY' || attempt >= attempts || !failure.extensions['transient'])
      throw failure;
    await sleep(100 * 2 ** attempt);
  }
}

function startFailure(exit: PostmasterExit | undefined, port: number): Problem {
  const said = exit?.lastLines.join('\n') ?? '';
  if (/could not bind .*address|Address already in use/i.test(said)) {
    return new Problem('PORT_BUSY', `port ${port} of 127.0.0.1 is taken`, {
      fix: 'free it, or let Postgres choose another port',
    });
  }
  return new Problem(
    'POSTGRES_START_FAILED',
    `Postgres ended with ${exit?.signal ?? exit?.code ?? 'no exit'}: ${said}`,
    {
      fix: 'see the words of the server above',
      extensions: { transient: /lock file|pre-existing shared memory|is being used/i.test(said) },
    },
  );
}
