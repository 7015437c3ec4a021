import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Problem } from '@spine/kernel/problem';
import type { SupergraphText } from './supergraph-reader.ts';

/** Throws SCHEMA_INVALID for a text that is not the one, or not signed by the one, that was configured. */
export type VerifySupergraph = (text: SupergraphText) => void;

export interface VerifyOptions {
  /** sha256 of the only text that is accepted, in hex. */
  readonly sha256: string | null;
  /** PEM file of the Ed25519 public key that every text must be signed by. */
  readonly keyFile: string | null;
}

/** Creates the check; without options everything passes (docs/graph.md says when that is enough). */
export function createVerifySupergraph({ sha256, keyFile }: VerifyOptions): VerifySupergraph {
  const key = keyFile === null ? null : readKey(keyFile);
  return ({ sdl, signature }) => {
    if (sha256 !== null && createHash('sha256').update(sdl).digest('hex') !== sha256) {
      throw refused('it is not the one that SPINE_GATEWAY_SUPERGRAPH_SHA256 names');
    }
    if (key === null) return;
    const bytes = Buffer.from(signature?.trim() ?? '', 'base64');
    if (!verify(null, Buffer.from(sdl), key, bytes)) {
      throw refused('it is not signed by the key of SPINE_GATEWAY_SUPERGRAPH_KEY');
    }
  };
}

function readKey(file: string) {
  try {
    const key = createPublicKey(readFileSync(file));
    if (key.asymmetricKeyType !== 'ed25519') throw new Error(`it is of the type ${key.asymmetricKeyType}`);
    return key;
  } catch (cause) {
    throw new Problem('CONFIG_INVALID', `${file} holds no Ed25519 public key`, {
      fix: 'Name a PEM file by SPINE_GATEWAY_SUPERGRAPH_KEY: openssl pkey -in key.pem -pubout.',
      cause,
    });
  }
}

function refused(why: string): Problem {
  return new Problem('SCHEMA_INVALID', `the supergraph is refused: ${why}`, {
    fix: 'Sign and publish it again; until then the gateway keeps the last good one.',
  });
}
