import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** An OpenID Connect provider on this machine, as far as a service sees it: its keys, and tokens signed by them. */
export interface IdentityProvider {
  readonly issuer: string;
  /** A token for the audience `spine`, good for ten minutes unless its claims say otherwise. */
  token(claims: Readonly<Record<string, unknown>>): Promise<string>;
  close(): Promise<void>;
}

/** Starts one with a fresh key. */
export async function startIdentityProvider(): Promise<IdentityProvider> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }];
  let issuer = '';
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    const discovers = request.url === '/.well-known/openid-configuration';
    response.end(JSON.stringify(discovers ? { issuer, jwks_uri: `${issuer}/keys` } : { keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  issuer = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  return {
    issuer,
    token(claims) {
      const seconds = Math.floor(Date.now() / 1_000);
      const body = { iss: issuer, aud: 'spine', iat: seconds, exp: seconds + 600, ...claims };
      return new SignJWT(body).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(privateKey);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
