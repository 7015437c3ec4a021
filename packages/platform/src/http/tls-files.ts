import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { Problem } from '@spine/kernel/problem';

/** Files in PEM: who we are, and whom we trust. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  /** Signs the certificates of our services; null: no certificate is asked of whoever connects. */
  readonly ca: string | null;
}

/** Their content, as node:tls, node:https, undici's `connect` and ws take it. */
export interface TlsOptions {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

/** What this process shows to our others, if it is to show anything. Throws as `readTlsFiles` does. */
export function readPeerTls({ peerTls = null }: { readonly peerTls?: TlsFiles | null }): TlsOptions | null {
  return peerTls === null ? null : readTlsFiles(peerTls);
}

/** Reads the files. Throws CONFIG_INVALID naming the file that cannot be read, or what does not fit together. */
export function readTlsFiles({ cert, key, ca }: TlsFiles): TlsOptions {
  const options = { cert: read(cert), key: read(key), ...(ca !== null && { ca: read(ca) }) };
  try {
    createSecureContext(options);
  } catch (error) {
    throw new Problem('CONFIG_INVALID', `${cert} and ${key} are no certificate and its key in PEM`, {
      fix: 'Name a certificate (with its intermediates) and the key that it was made for.',
      cause: error,
    });
  }
  return options;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Problem('CONFIG_INVALID', `${file} cannot be read`, {
      fix: 'Check the paths of SPINE_TLS_* and SPINE_GATEWAY_TLS_*, and that this user may read the files.',
      cause: error,
    });
  }
}
