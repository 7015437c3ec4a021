import { statSync } from 'node:fs';
import { Problem } from '@spine/kernel/problem';
import type { Log } from '../log/create-log.ts';
import { readTokensFile, type StaticToken } from './static-token.ts';

export interface TokenFileOptions {
  readonly file: string;
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** How often a file is looked at, at most; every second by default. */
  readonly everyMs?: number;
}

/**
 * The tokens of SPINE_TOKENS_FILE as they stand now: whoever asks has the file looked at, once a second at most, and read
 * again when it changed. While it cannot be read, the tokens read last stay good. Throws CONFIG_INVALID for a first file
 * that is faulty.
 */
export function createTokenFile({
  file,
  log,
  everyMs = 1_000,
}: TokenFileOptions): (now: Date) => readonly StaticToken[] {
  let tokens = readTokensFile(file);
  let seen = versionOf(file);
  let lookedAt = Number.NEGATIVE_INFINITY;
  let toldOf: string | undefined;

  function readAgain(version: string): void {
    try {
      tokens = readTokensFile(file);
      seen = version;
      log.info({ event: 'auth.tokens_read', file, tokens: tokens.map((token) => token.id) });
    } catch (error) {
      // It may be half written: read it at each look until it is whole, and say so once.
      if (toldOf === version) return;
      toldOf = version;
      const reason = error instanceof Problem ? error.message : 'it cannot be read';
      log.warn({ event: 'auth.tokens_not_read', file, reason, meaning: 'the tokens read last stay good' });
    }
  }

  return (now) => {
    const time = now.getTime();
    // Also when the clock was set back.
    if (Math.abs(time - lookedAt) >= everyMs) {
      lookedAt = time;
      const version = versionOf(file);
      if (version !== seen) readAgain(version);
    }
    return tokens;
  };
}

/** Differs when the file was written, replaced or taken away. */
function versionOf(file: string): string {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? 'gone' : `${found.ino} ${found.size} ${found.mtimeNs}`;
}
