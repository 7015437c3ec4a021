import { chmod, cp, lstat, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '@spine/kernel/problem';
import { hydrateLinks } from './hydrate-links.ts';
import type { PlatformPackage } from './platform-package.ts';
import { isTrustedDirectory } from './trusted-directory.ts';

const completeMarker = '.complete';

/**
 * A copy of the server that every account can read and only we can change, for when its package lies where the
 * account that runs Postgres cannot reach, or where we cannot write the links. Made once per version under `base`;
 * an existing copy is used only if it is ours, unwritable for others, and complete.
 */
export async function ensureSharedCopy(source: PlatformPackage, base: string): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  const name = `spine-postgres-${uid}-${source.name.split('/').at(-1)}-${source.version}`;
  const path = join(base, name);
  if (await isComplete(path, uid)) return path;

  const draft = await mkdtemp(join(base, `.${name}-`));
  try {
    await cp(join(source.root, 'native'), join(draft, 'native'), { recursive: true, verbatimSymlinks: true });
    await hydrateLinks(draft);
    await makeReadable(join(draft, 'native'));
    await writeFile(join(draft, completeMarker), '');
    await chmod(draft, 0o755);
    await rename(draft, path).catch(() => replaceIncomplete(draft, path, uid));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  if (await isComplete(path, uid)) return path;
  throw new Problem('POSTGRES_START_FAILED', `${path} exists and is not a copy of Postgres that we made`, {
    fix: `remove ${path}`,
  });
}

async function replaceIncomplete(draft: string, path: string, uid: number): Promise<void> {
  // Another process may have finished first; a copy of ours that lost its marker makes room.
  if ((await isComplete(path, uid)) || !(await isTrustedDirectory(path, uid))) return;
  await rm(path, { recursive: true, force: true });
  await rename(draft, path);
}

async function isComplete(path: string, uid: number): Promise<boolean> {
  if (!(await isTrustedDirectory(path, uid))) return false;
  return (await lstat(join(path, completeMarker)).catch(() => undefined))?.isFile() === true;
}

async function makeReadable(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await makeReadable(path);
    else if (entry.isFile()) await chmod(path, (await lstat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}
