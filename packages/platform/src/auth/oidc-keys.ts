import { Problem } from '@spine/kernel/problem';
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { OidcConfig } from './oidc-config.ts';

const documentShape = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });
const discoveryMs = 5_000;

/**
 * Finds the key that signed a token: keys are fetched when the first token comes, again after ten minutes, and for a key
 * id that is not known, but then not within 30 s of the last time, so that forged ids do not flood the provider.
 */
export function createOidcKeys(config: OidcConfig): JWTVerifyGetKey {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const open = async (): Promise<JWTVerifyGetKey> =>
    createRemoteJWKSet(new URL(config.jwksUrl ?? (await discoverJwksUrl(config.issuer))), {
      cooldownDuration: 30_000,
      cacheMaxAge: 600_000,
      timeoutDuration: 5_000,
    });
  return async (header, token) => {
    if (keys === undefined) {
      const opening = open();
      keys = opening;
      // What failed is tried again with the next token; meanwhile all who ask wait for the same answer.
      opening.catch(() => {
        keys = undefined;
      });
    }
    const find = await keys;
    return await find(header, token);
  };
}

/** Where the issuer says that its keys are (OpenID Connect Discovery 1.0, section 4). Throws SERVICE_UNAVAILABLE. */
export async function discoverJwksUrl(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(discoveryMs) });
    if (response.status !== 200) throw new Error(`answered ${response.status}`);
    const document = documentShape.parse(await response.json());
    if (document.issuer !== issuer) throw new Error('the document is that of another issuer');
    return document.jwks_uri;
  } catch (error) {
    throw new Problem('SERVICE_UNAVAILABLE', 'the identity provider tells nothing of its keys', {
      fix: `Check that SPINE_OIDC_ISSUER is the issuer of its tokens to the letter, and that ${url} answers; or set SPINE_OIDC_JWKS_URL.`,
      cause: error,
    });
  }
}
