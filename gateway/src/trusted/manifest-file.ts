import { readFileSync, statSync } from 'node:fs';
import { Problem } from '@spine/kernel/problem';
import type { Log } from '@spine/platform/log/create-log';
import { type Manifest, parseManifest } from './parse-manifest.ts';

/** A manifest that follows its file. */
export interface ManifestFile {
  current(): Manifest;
  close(): void;
}

/**
 * Reads the manifest of a file, and again whenever the file is another: looked at in intervals, which sees renames and the
 * symlink swaps of mounted volumes alike. A file that is broken or gone later is logged, and the last good one kept.
 */
export function openManifestFile(
  file: string,
  { log, everyMs = 2_000 }: { readonly log: Pick<Log, 'info' | 'warn'>; readonly everyMs?: number },
): ManifestFile {
  let seen = markOf(file);
  let manifest = parseManifest(read(file));
  const timer = setInterval(() => {
    const mark = markOf(file);
    if (mark === seen) return;
    seen = mark;
    try {
      manifest = parseManifest(read(file));
      log.info({ event: 'trusted.manifest_read', documents: manifest.size });
    } catch (error) {
      log.warn({ event: 'trusted.manifest_kept', documents: manifest.size, err: error });
    }
  }, everyMs);
  timer.unref();
  return { current: () => manifest, close: () => clearInterval(timer) };
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Problem('CONFIG_INVALID', `there is no manifest of trusted documents at ${file}`, {
      fix: 'Name the file by SPINE_GATEWAY_TRUSTED_MANIFEST.',
      cause,
    });
  }
}

/** Changes when the file is written or replaced. */
function markOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? 'none' : `${found.ino} ${found.mtimeMs} ${found.size}`;
}
