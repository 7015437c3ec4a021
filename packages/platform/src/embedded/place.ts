import { existsSync } from 'node:fs';
import { chmod, chown, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../log/create-log.ts';
import { canRun, canWriteIn } from './can-run.ts';
import { hydrateLinks } from './hydrate-links.ts';
import { ensureOutsideHome } from './outside-home.ts';
import { locatePlatformPackage, type PlatformPackage } from './platform-package.ts';
import type { RunAs } from './run-as.ts';
import { ensureSharedCopy } from './shared-copy.ts';

export interface PlaceOptions {
  readonly home: string;
  /** Our directory inside the home. */
  readonly directory: string;
  readonly runAs: RunAs | null;
  readonly log: Pick<Log, 'info'>;
}

/** Where the server's programs are and where its cluster lives, both within reach of the account that runs it. */
export async function place(
  options: PlaceOptions,
): Promise<{ binDirectory: string; clusterDirectory: string }> {
  const { runAs, log } = options;
  const binDirectory = await placeBinaries(runAs, log);
  return { binDirectory, clusterDirectory: await placeCluster(options) };
}

async function placeBinaries(runAs: RunAs | null, log: Pick<Log, 'info'>): Promise<string> {
  const found = locatePlatformPackage();
  const own = join(found.root, 'native', 'bin');
  const hydrated = await hydrateLinks(found.root).then(
    () => true,
    (error: unknown) => {
      // An install that we may not write to is copied to where we may.
      if (
        error instanceof Error &&
        'code' in error &&
        ['EACCES', 'EROFS', 'EPERM'].includes(String(error.code))
      )
        return false;
      throw error;
    },
  );
  if (hydrated && (runAs === null || canRun(join(own, 'postgres'), runAs))) return own;
  return join(await copyOf(found, log), 'native', 'bin');
}

async function copyOf(found: PlatformPackage, log: Pick<Log, 'info'>): Promise<string> {
  const path = await ensureSharedCopy(found, durableTemp());
  log.info({ event: 'postgres.binaries_outside_package', path });
  return path;
}

async function placeCluster({ home, directory, runAs, log }: PlaceOptions): Promise<string> {
  const inside = join(directory, 'cluster');
  await ensurePrivate(inside, runAs);
  if (runAs === null || canWriteIn(inside, runAs)) return inside;
  const outside = await ensureOutsideHome(home, join(directory, 'location'), durableTemp());
  const cluster = join(outside, 'cluster');
  await ensurePrivate(cluster, runAs);
  log.info({ event: 'postgres.data_outside_home', home, path: cluster, user: runAs.user });
  return cluster;
}

async function ensurePrivate(path: string, runAs: RunAs | null): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
  if (runAs !== null) await chown(path, runAs.uid, runAs.gid);
}

function durableTemp(): string {
  // Unlike /tmp it survives a restart of the machine.
  return existsSync('/var/tmp') ? '/var/tmp' : tmpdir();
}
