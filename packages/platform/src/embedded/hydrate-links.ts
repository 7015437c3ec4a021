import { randomBytes } from 'node:crypto';
import { readFile, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { Problem } from '@spine/kernel/problem';

interface Link {
  readonly target: string;
  readonly text: string;
}

/**
 * Makes the symlinks that npm cannot ship, from the package's own list, and proves that each leads to a file.
 * Idempotent and safe beside another process doing the same; returns how many it had to make. The package's install
 * script does this too, but never runs under `--ignore-scripts` and swallows its errors.
 */
export async function hydrateLinks(packageRoot: string): Promise<number> {
  let made = 0;
  for (const link of await readLinks(packageRoot)) {
    if (!(await leadsTo(link))) {
      // Replaced by rename: another process never sees the link missing.
      const draft = `${link.target}.${randomBytes(6).toString('hex')}`;
      try {
        await symlink(link.text, draft);
        await rename(draft, link.target);
      } finally {
        await rm(draft, { force: true });
      }
      made += 1;
    }
    await stat(link.target).catch((cause: unknown) => {
      throw new Problem('POSTGRES_START_FAILED', `${link.target} leads nowhere`, {
        fix: 'reinstall the dependencies (npm ci)',
        cause,
      });
    });
  }
  return made;
}

async function readLinks(packageRoot: string): Promise<readonly Link[]> {
  const list = await readFile(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const parsed: unknown = JSON.parse(list);
  if (!Array.isArray(parsed)) return [];
  return parsed.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('source' in entry) || !('target' in entry))
      return [];
    // In this list `target` is the link to make and `source` the file it leads to.
    const target = join(packageRoot, String(entry.target));
    return [{ target, text: relative(dirname(target), join(packageRoot, String(entry.source))) }];
  });
}

async function leadsTo({ target, text }: Link): Promise<boolean> {
  return (await readlink(target).catch(() => undefined)) === text;
}
