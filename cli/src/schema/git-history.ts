import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { Problem } from '@spine/kernel/problem';

/** The work tree against an earlier revision: what changed since, and how it was then. */
export interface GitHistory {
  /** The revision that it is compared with: where the branch left `baseRef`, or that revision itself. */
  readonly base: string;
  /** Whether a file was added or changed since, committed or not. */
  hasChanged(file: string): boolean;
  /** The text that a file had; of one that was renamed since, that of its old name. Undefined if there was none. */
  textAt(file: string): string | undefined;
}

/** The history of the repository that the current folder is in. Throws INPUT_INVALID for an unknown revision. */
export function createGitHistory(baseRef: string, inFolder = process.cwd()): GitHistory {
  const folder = realpathSync(inFolder);
  const git = (...args: readonly string[]) => {
    const run = spawnSync('git', ['-C', folder, ...args], { encoding: 'utf8', maxBuffer: 64 * 1_048_576 });
    if (run.error !== undefined) {
      throw new Problem('INPUT_INVALID', `--base-ref ${baseRef}: git does not run here`, {
        fix: 'Install git, or name the old files with --against.',
        cause: run.error,
      });
    }
    return { good: run.status === 0, text: run.stdout };
  };
  const top = git('rev-parse', '--show-toplevel');
  const known = git('rev-parse', '--verify', '--quiet', '--end-of-options', `${baseRef}^{commit}`);
  if (!top.good || !known.good) {
    throw new Problem('INPUT_INVALID', `--base-ref ${baseRef}: no such revision in ${folder}`, {
      fix: 'Fetch it first, such as `git fetch origin main`; a CI checkout holds only the newest commit unless told otherwise.',
    });
  }
  const root = top.text.trimEnd();
  const revision = known.text.trim();
  // Where the branch began: what others changed on the base since is none of its business. A shallow clone may not know.
  const mergeBase = git('merge-base', revision, 'HEAD');
  const base = mergeBase.good ? mergeBase.text.trim() : revision;
  const diff = git('diff', '--name-status', '-z', '--find-renames', '--diff-filter=ACMR', base);
  const untracked = git('ls-files', '-z', '--others', '--exclude-standard', '--full-name', ':/');
  const oldNames = parseNameStatus(diff.text);
  for (const name of untracked.text.split('\0')) if (name !== '') oldNames.set(name, name);
  /** The name of a file as git has it: from the root, whatever links the path goes through. */
  const nameOf = (file: string): string => {
    const path = resolve(folder, file);
    const parent = dirname(path);
    const real = existsSync(parent) ? join(realpathSync(parent), basename(path)) : path;
    return relative(root, real).replaceAll('\\', '/');
  };
  return {
    base,
    hasChanged: (file) => oldNames.has(nameOf(file)),
    textAt(file) {
      const name = nameOf(file);
      const shown = git('show', `${base}:${oldNames.get(name) ?? name}`);
      return shown.good ? shown.text : undefined;
    },
  };
}

/** New names to old ones, of `git diff --name-status -z`: a status, then one name, or two for a copy or rename. */
function parseNameStatus(output: string): Map<string, string> {
  const names = new Map<string, string>();
  const parts = output.split('\0');
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const status = parts[index] ?? '';
    const old = parts[index + 1] ?? '';
    if (!/^[RC]/.test(status)) {
      names.set(old, old);
      continue;
    }
    index += 1;
    const name = parts[index + 1] ?? '';
    // A copy has no past of its own.
    names.set(name, status.startsWith('R') ? old : name);
  }
  return names;
}
