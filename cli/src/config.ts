import { resolve } from 'node:path';
import type { TlsFiles } from '@spine/platform/http/tls-files';

export type Env = Readonly<Record<string, string | undefined>>;

/** The environment of this process: the one place of the CLI that reads it. */
export const processEnv: Env = process.env;

/** Where all state of `spine up` lives. */
export function homeOf(env: Env): string {
  return resolve(env['SPINE_HOME'] ?? '.spine');
}

/** The certificate to show to services that ask for one, where it is configured. */
export function peerTlsOf(env: Env): TlsFiles | null {
  const { SPINE_TLS_CERT: cert, SPINE_TLS_KEY: key, SPINE_TLS_CA: ca } = env;
  return cert && key && ca ? { cert, key, ca } : null;
}

/** Colours are for people at a terminal (https://no-color.org). */
export function wantsColour(env: Env): boolean {
  if (process.argv.includes('--no-color')) return false;
  return process.stdout.isTTY === true && env['NO_COLOR'] === undefined;
}
