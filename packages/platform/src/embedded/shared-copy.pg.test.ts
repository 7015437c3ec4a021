import { spawnSync } from 'node:child_process';
import { chmod, cp, lstat, mkdir, mkdtemp, readFile, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hydrateLinks } from './hydrate-links.ts';
import { locatePlatformPackage, type PlatformPackage } from './platform-package.ts';
import { ensureSharedCopy } from './shared-copy.ts';

let directory: string;
let bare: PlatformPackage;

/** The package as `npm ci --ignore-scripts` leaves it: without its links. */
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spine-copy-'));
  const installed = locatePlatformPackage();
  bare = { ...installed, root: join(directory, 'package') };
  await cp(join(installed.root, 'native'), join(bare.root, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  for (const link of await links()) await unlink(link).catch(() => undefined);
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

async function links(): Promise<string[]> {
  const list: { target: string }[] = JSON.parse(
    await readFile(join(bare.root, 'native', 'pg-symlinks.json'), 'utf8'),
  );
  return list.map(({ target }) => join(bare.root, target));
}
const version = (root: string): number | null =>
  spawnSync(join(root, 'native', 'bin', 'postgres'), ['--version'], { env: {} }).status;

test.runIf(process.platform === 'linux')(
  'without its links the server does not run; hydrated, once or twice, it does',
  async () => {
    expect(version(bare.root)).not.toBe(0);
    const [first, second] = await links();
    if (first === undefined || second === undefined) throw new Error('the package lists no links');
    await symlink('a-wrong-target', first);
    await writeFile(second, 'a file where the link should be');
    expect(await hydrateLinks(bare.root)).toBe((await links()).length);
    expect(version(bare.root)).toBe(0);
    expect(await hydrateLinks(bare.root)).toBe(0);
  },
);

test('two processes that hydrate at once do not disturb each other', async () => {
  await Promise.all([hydrateLinks(bare.root), hydrateLinks(bare.root), hydrateLinks(bare.root)]);
  expect(version(bare.root)).toBe(0);
});

test('a link whose file is missing is reported by name', async () => {
  const list: { source: string }[] = JSON.parse(
    await readFile(join(bare.root, 'native', 'pg-symlinks.json'), 'utf8'),
  );
  await unlink(join(bare.root, list[0]?.source ?? ''));
  await expect(hydrateLinks(bare.root)).rejects.toMatchObject({
    code: 'POSTGRES_START_FAILED',
    fix: expect.stringContaining('npm ci'),
  });
});

test('a copy runs, is readable for all and writable for us alone, and is made once', async () => {
  const base = join(directory, 'base');
  await mkdir(base);
  const [one, two] = await Promise.all([ensureSharedCopy(bare, base), ensureSharedCopy(bare, base)]);
  expect(two).toBe(one);
  expect(version(one)).toBe(0);
  expect((await lstat(one)).mode & 0o777).toBe(0o755);
  expect((await lstat(join(one, 'native', 'bin', 'postgres'))).mode & 0o777).toBe(0o755);
  expect((await lstat(join(one, 'native', 'pg-symlinks.json'))).mode & 0o777).toBe(0o644);
  const made = (await lstat(one)).ctimeMs;
  await ensureSharedCopy(bare, base);
  expect((await lstat(one)).ctimeMs).toBe(made);
});

test('a copy that others can write to is not trusted, an unfinished one of ours is made again', async () => {
  const base = join(directory, 'base');
  await mkdir(base);
  const path = await ensureSharedCopy(bare, base);
  await rm(join(path, '.complete'));
  await writeFile(join(path, 'native', 'bin', 'postgres'), 'half a file');
  expect(await ensureSharedCopy(bare, base)).toBe(path);
  expect(version(path)).toBe(0);

  await chmod(path, 0o777);
  await expect(ensureSharedCopy(bare, base)).rejects.toMatchObject({ fix: `remove ${path}` });
  await rm(path, { recursive: true });
  await symlink(bare.root, path);
  await expect(ensureSharedCopy(bare, base)).rejects.toMatchObject({ fix: `remove ${path}` });
});
