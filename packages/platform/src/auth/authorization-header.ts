import { Problem } from '@spine/kernel/problem';

/** What an Authorization header presents; Basic names the token's id too. */
export interface Credentials {
  readonly scheme: 'bearer' | 'basic';
  readonly secret: string;
  readonly id?: string;
}

/** How to prove who one is, for everyone who did not. */
export const credentialsFix =
  'Send "Authorization: Bearer <token>" of the identity provider or of SPINE_TOKENS_FILE; of the latter also Basic with id:secret.';

/** Reads the header. Throws UNAUTHENTICATED for what is neither Bearer nor Basic. */
export function parseAuthorization(header: string): Credentials {
  const [, scheme, credentials] = /^(Bearer|Basic) +(\S+)$/i.exec(header) ?? [];
  if (scheme === undefined || credentials === undefined) {
    throw new Problem('UNAUTHENTICATED', 'the Authorization header is neither Bearer nor Basic', {
      fix: credentialsFix,
    });
  }
  if (scheme.toLowerCase() === 'bearer') return { scheme: 'bearer', secret: credentials };
  const decoded = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  if (colon < 1) {
    throw new Problem('UNAUTHENTICATED', 'Basic credentials are not id:secret', { fix: credentialsFix });
  }
  return { scheme: 'basic', id: decoded.slice(0, colon), secret: decoded.slice(colon + 1) };
}

/** Whether a secret has the shape of a signed token: three parts of base64url. */
export function isJwtShaped(secret: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(secret);
}
