import { existsSync } from 'node:fs';
import { Problem } from '@spine/kernel/problem';

/** What `--references` names: a file, for checks without a registry; or a published version, for those with one. */
export interface GivenReference {
  readonly name: string;
  readonly file?: string;
  readonly subject?: string;
  readonly version?: number;
}

/** Reads NAME=FILE or NAME=SUBJECT@VERSION. Throws INPUT_INVALID. */
export function parseReference(text: string): GivenReference {
  const cut = text.lastIndexOf('=');
  const [name, target] = [text.slice(0, cut), text.slice(cut + 1)];
  if (cut < 1 || target === '') {
    throw new Problem('INPUT_INVALID', `--references ${text}: it names nothing`, {
      fix: 'Give NAME=FILE, or NAME=SUBJECT@VERSION for what is published.',
    });
  }
  const published = /^(.+)@([1-9]\d{0,9})$/.exec(target);
  if (published === null || existsSync(target)) return { name, file: target };
  return { name, subject: published[1] ?? '', version: Number(published[2]) };
}
