import { lstat } from 'node:fs/promises';

/**
 * Whether `path` is a real directory (no symlink) of `uid` that nobody else can change. In a directory where everyone
 * may create names, anything less may have been laid there for us.
 */
export async function isTrustedDirectory(path: string, uid: number): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isDirectory() === true && found.uid === uid && (found.mode & 0o022) === 0;
}
