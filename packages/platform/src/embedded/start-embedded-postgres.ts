import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Problem } from '@spine/kernel/problem';
import pg from 'pg';
import type { Log } from '../log/create-log.ts';
import { chooseFreePort, isPortFree } from './choose-port.ts';
import { lockHome } from './home-lock.ts';
import { place } from './place.ts';
import { chooseRunAs } from './run-as.ts';
import { type RunningCluster, runCluster } from './run-cluster.ts';
import type { Settings } from './server-settings.ts';
import { stopLeftovers } from './stop-leftovers.ts';

export interface EmbeddedPostgresOptions {
  /** The directory of this installation (SPINE_HOME); everything is kept in its `postgres` directory. */
  readonly home: string;
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** Exactly this port, or PORT_BUSY. By default one is chosen once, kept, and changed only if taken. */
  readonly port?: number;
  readonly settings?: Settings;
}

/** The Postgres that comes with the product: a real server of a home, `wal_level=logical`, on loopback. */
export interface EmbeddedPostgres extends RunningCluster {
  /** Creates the database if there is none of that name, and returns its URL. */
  createDatabase(name: string): Promise<string>;
}

/**
 * Starts the home's server, initialising it the first time, and resolves when it has answered a query. Works as root
 * (the server then runs as an unprivileged account), after any crash of it or of its parent, and refuses a home that
 * another live process uses. Problems: POSTGRES_START_FAILED, PORT_BUSY.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const home = resolve(options.home);
  const directory = join(home, 'postgres');
  const runAs = chooseRunAs();
  await mkdir(directory, { recursive: true, mode: 0o755 });
  // An unprivileged server must pass through to its cluster; what is secret here is a 0600 file of its own.
  await chmod(directory, runAs === null ? 0o700 : 0o755);
  const unlock = await lockHome(join(directory, 'lock'), home);
  try {
    const { binDirectory, clusterDirectory } = await place({ home, directory, runAs, log: options.log });
    // An orphan of this home would make its own port look taken.
    const leftovers = await stopLeftovers(join(clusterDirectory, 'data'));
    if (leftovers.stopped > 0)
      options.log.warn({ event: 'postgres.orphan_stopped', processes: leftovers.stopped });
    const password = await keep(join(directory, 'password'), async () =>
      randomBytes(24).toString('base64url'),
    );
    const cluster = await runOnPort({ ...options, directory }, (port) =>
      runCluster({
        binDirectory,
        clusterDirectory,
        runAs,
        password,
        port,
        settings: options.settings ?? {},
        log: options.log,
      }),
    );
    options.log.info({
      event: 'postgres.started',
      port: cluster.port,
      pid: cluster.pid,
      user: runAs?.user ?? null,
    });
    let stopping: Promise<void> | undefined;
    return {
      ...cluster,
      createDatabase: (name) => createDatabaseIfAbsent(cluster, name),
      stop() {
        stopping ??= cluster.stop().finally(unlock);
        return stopping;
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function runOnPort(
  options: EmbeddedPostgresOptions & { readonly directory: string },
  run: (port: number) => Promise<RunningCluster>,
): Promise<RunningCluster> {
  if (options.port !== undefined) return run(options.port);
  const path = join(options.directory, 'port');
  let port = Number(await keep(path, async () => String(await chooseFreePort())));
  // Someone may take the port between our look and the server's start, a second home being started for one.
  for (let attempt = 1; ; attempt += 1) {
    const isPort = Number.isInteger(port) && port > 0 && port < 65_536;
    if (isPort && (await isPortFree(port))) {
      try {
        return await run(port);
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'PORT_BUSY' || attempt >= 3) throw error;
      }
    }
    const taken = port;
    port = await chooseFreePort();
    await writeFile(path, String(port), { mode: 0o600 });
    options.log.warn({ event: 'postgres.port_changed', from: taken, to: port });
  }
}

/** The text kept in a file of the home, made the first time. */
async function keep(path: string, make: () => Promise<string>): Promise<string> {
  const kept = await readFile(path, 'utf8').catch(() => undefined);
  if (kept !== undefined && kept !== '') return kept;
  const made = await make();
  await writeFile(path, made, { mode: 0o600 });
  return made;
}

async function createDatabaseIfAbsent(cluster: RunningCluster, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: cluster.url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    // Somebody else made it between our look and our statement.
    const raced = error instanceof pg.DatabaseError && (error.code === '42P04' || error.code === '23505');
    if (!raced) throw error;
  } finally {
    await client.end();
  }
  return cluster.urlFor(name);
}
