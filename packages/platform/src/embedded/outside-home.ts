import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Problem } from '@spine/kernel/problem';
import { stopLeftovers } from './stop-leftovers.ts';
import { isTrustedDirectory } from './trusted-directory.ts';

/**
 * A directory under `base` that stands in for one in a home which the account running Postgres cannot reach. Its name
 * follows from the home's path, and a file in both says that they belong together: what a deleted home left behind
 * is not data of the new one, and is removed.
 */
export async function ensureOutsideHome(home: string, pointerPath: string, base: string): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const hash = createHash('sha256').update(resolve(home)).digest('hex').slice(0, 16);
  const path = join(base, `spine-home-${uid}-${hash}`);
  const identityPath = join(path, 'identity');

  const pointer = await readText(pointerPath);
  const identity = (await isTrustedDirectory(path, uid)) ? await readText(identityPath) : undefined;
  if (pointer !== undefined && identity !== undefined && pointer === `${path}\n${identity}`) return path;

  if (await isTrustedDirectory(path, uid)) {
    await stopLeftovers(join(path, 'cluster', 'data'));
    await rm(path, { recursive: true, force: true });
  }
  try {
    await mkdir(path, { mode: 0o755 });
    // The umask may have narrowed it.
    await chmod(path, 0o755);
  } catch (cause) {
    throw new Problem('POSTGRES_START_FAILED', `${path} is not ours to use`, {
      fix: `remove ${path}`,
      cause,
    });
  }
  const fresh = randomUUID();
  await writeFile(identityPath, fresh, { mode: 0o600 });
  await writeFile(pointerPath, `${path}\n${fresh}`, { mode: 0o600 });
  return path;
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
