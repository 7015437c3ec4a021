import { existsSync, readFileSync } from 'node:fs';
import { Problem } from '@spine/kernel/problem';
import { parseSpec } from '@spine/spec/parse-spec';
import type { SpineSpec } from '@spine/spec/spine-spec';

/** Reads and parses a spine.yaml. Throws INPUT_INVALID when the file cannot be read. */
export function readSpec(file: string): SpineSpec {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Problem('INPUT_INVALID', `cannot read ${file}`, {
      fix: existsSync(file)
        ? 'Check that it is a readable file.'
        : 'Name the file with -f FILE, or write one with `spine init URL`.',
      cause: error,
    });
  }
  return parseSpec(text, file);
}

/** The file of `-f`, or ./spine.yaml when it is there. */
export function specFile(given: string | undefined): string | undefined {
  return given ?? (existsSync('spine.yaml') ? 'spine.yaml' : undefined);
}
