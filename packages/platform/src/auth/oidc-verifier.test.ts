import { createServer, type Server } from 'node:http';
import {
  type CryptoKey,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { OidcConfig } from './oidc-config.ts';
import { createOidcVerifier } from './oidc-verifier.ts';

/** An identity provider of which we decide what it publishes, and whether it answers at all. */
interface Provider {
  readonly issuer: string;
  keys: readonly JWK[];
  broken: boolean;
  asked: number;
}
interface Signer {
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

const now = new Date('2026-03-01T12:00:00.000Z');
const later = (ms: number): Date => new Date(now.getTime() + ms);
const seconds = (date: Date): number => Math.floor(date.getTime() / 1_000);
const signers = new Map<string, Signer>();
let server: Server;
let provider: Provider;
let config: OidcConfig;

async function makeSigner(alg: string, kid: string = alg): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}
function signerOf(alg: string): Signer {
  const signer = signers.get(alg);
  if (signer === undefined) throw new Error(`no key for ${alg}`);
  return signer;
}

beforeAll(async () => {
  for (const alg of ['RS256', 'ES256', 'EdDSA', 'PS256', 'ES384']) signers.set(alg, await makeSigner(alg));
});
beforeEach(async () => {
  server = createServer((request, response) => {
    provider.asked += 1;
    if (provider.broken) return void response.writeHead(502).end();
    response.setHeader('content-type', 'application/json');
    const { issuer, keys } = provider;
    if (request.url === '/realm/keys') response.end(JSON.stringify({ keys }));
    else if (request.url === '/realm/.well-known/openid-configuration')
      response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` }));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const issuer = `http://127.0.0.1:${port}/realm`;
  provider = { issuer, keys: [...signers.values()].map(({ jwk }) => jwk), broken: false, asked: 0 };
  config = {
    issuer,
    audiences: ['spine'],
    jwksUrl: null,
    idClaim: 'sub',
    rolesClaim: 'roles',
    functionsClaim: 'functions',
    roleMap: null,
  };
});
afterEach(async () => {
  vi.useRealTimers();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
afterAll(() => signers.clear());

interface Token {
  readonly signer?: Signer;
  readonly header?: Partial<JWTHeaderParameters>;
  readonly claims?: Record<string, unknown>;
}
function tokenOf({ signer = signerOf('ES256'), header = {}, claims = {} }: Token = {}): Promise<string> {
  const { alg = '', kid = '' } = signer.jwk;
  const body = {
    iss: provider.issuer,
    aud: 'spine',
    sub: 'dora',
    iat: seconds(now),
    exp: seconds(later(600_000)),
    roles: ['publisher'],
    ...claims,
  };
  return new SignJWT(body).setProtectedHeader({ alg, kid, ...header }).sign(signer.privateKey);
}

test.each(['RS256', 'ES256', 'EdDSA'])(
  'a token signed by %s speaks for its subject until it ends',
  async (alg) => {
    const token = await tokenOf({ signer: signerOf(alg), claims: { functions: ['security'] } });
    expect(await createOidcVerifier(config)(token, now)).toEqual({
      id: 'dora',
      kind: 'user',
      roles: ['publisher'],
      functions: ['security'],
      expiresAt: later(600_000),
    });
  },
);

test.each<[string, Token]>([
  ['of several audiences', { claims: { aud: ['other', 'spine'] } }],
  ['of the type at+jwt', { header: { typ: 'at+jwt' } }],
  ['of the type JWT', { header: { typ: 'JWT' } }],
  ['that ended 4 s ago by our clock', { claims: { exp: seconds(later(-4_000)) } }],
  ['that begins in 4 s by our clock', { claims: { nbf: seconds(later(4_000)) } }],
])('a token %s is accepted', async (_name, token) => {
  expect((await createOidcVerifier(config)(await tokenOf(token), now)).id).toBe('dora');
});

test.each<[string, Token]>([
  ['of another issuer', { claims: { iss: 'https://elsewhere.example' } }],
  ['without an issuer', { claims: { iss: undefined } }],
  ['for another audience', { claims: { aud: 'other' } }],
  ['for no audience', { claims: { aud: undefined } }],
  ['that has expired', { claims: { exp: seconds(later(-6_000)) } }],
  ['that never expires', { claims: { exp: undefined } }],
  ['that ends beyond all time', { claims: { exp: 1e20 } }],
  ['that is not good yet', { claims: { nbf: seconds(later(6_000)) } }],
  ['of nobody', { claims: { sub: undefined } }],
  ['of a nobody of a name', { claims: { sub: '' } }],
  ['for a log-out', { header: { typ: 'logout+jwt' } }],
  ['of a proof of possession', { header: { typ: 'dpop+jwt' } }],
])('a token %s is refused', async (_name, token) => {
  await expect(createOidcVerifier(config)(await tokenOf(token), now)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
});

test.each(['PS256', 'ES384'])('a key of the provider for %s signs nothing that is accepted', async (alg) => {
  const token = await tokenOf({ signer: signerOf(alg) });
  await expect(createOidcVerifier(config)(token, now)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('a token without a signature is refused', async () => {
  const unsigned = new UnsecuredJWT({ roles: ['admin'] })
    .setSubject('mallory')
    .setIssuer(provider.issuer)
    .setAudience('spine')
    .setExpirationTime(later(600_000))
    .encode();
  await expect(createOidcVerifier(config)(unsigned, now)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('a public key used as the secret of HS256 is refused', async () => {
  const { publicKey } = await generateKeyPair('RS256', { extractable: true });
  provider.keys = [{ ...(await exportJWK(publicKey)), kid: 'k' }];
  const secret = new TextEncoder().encode(await exportSPKI(publicKey));
  const forged = await new SignJWT({ iss: provider.issuer, aud: 'spine', sub: 'mallory', roles: ['admin'] })
    .setProtectedHeader({ alg: 'HS256', kid: 'k' })
    .setExpirationTime(later(600_000))
    .sign(secret);
  await expect(createOidcVerifier(config)(forged, now)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('another key under the id of a known one is refused, and so is a token whose claims were changed', async () => {
  const verify = createOidcVerifier(config);
  const imposter = { ...(await makeSigner('ES256')), jwk: signerOf('ES256').jwk };
  const forged = await tokenOf({ signer: imposter });
  await expect(verify(forged, now)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  const [header, , signature] = (await tokenOf()).split('.');
  const claims = {
    iss: provider.issuer,
    aud: 'spine',
    sub: 'dora',
    exp: seconds(later(1)),
    roles: ['admin'],
  };
  const altered = [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
  await expect(verify(altered, now)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test.each(['a.b.c', '..', 'e30.e30.', `${'x'.repeat(5_000)}.y.z`])(
  'text that is no token is refused',
  async (text) => {
    await expect(createOidcVerifier(config)(text, now)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  },
);

test('neither the token nor what it says is in what a refusal carries along', async () => {
  const token = await tokenOf({ claims: { aud: 'other', email: 'dora@example.org' } });
  const refusal = await createOidcVerifier(config)(token, now).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ code: 'UNAUTHENTICATED', message: expect.stringContaining('"aud"') });
  expect(refusal).not.toHaveProperty('cause');
});

test('a token that was accepted is refused once it has ended, though it is remembered', async () => {
  const verify = createOidcVerifier(config);
  const token = await tokenOf({ claims: { exp: seconds(later(20_000)) } });
  await verify(token, now);
  expect((await verify(token, later(24_000))).id).toBe('dora');
  await expect(verify(token, later(25_000))).rejects.toMatchObject({ message: 'the token has expired' });
});

test('one token asked with at once and again is one principal, and the provider is asked for its keys once', async () => {
  const verify = createOidcVerifier(config);
  const token = await tokenOf();
  const others = await Promise.all(['a', 'b', 'c'].map((sub) => tokenOf({ claims: { sub } })));
  await Promise.all(others.map((other) => verify(other, now)));
  expect(await verify(token, now)).toBe(await verify(token, now));
  // The discovery document and the keys.
  expect(provider.asked).toBe(2);
});

test('a key that the provider brings in is found when its first token comes, and one that it took away gives nothing', async () => {
  const verify = createOidcVerifier(config);
  await verify(await tokenOf(), now);
  const fresh = await makeSigner('ES256', 'fresh');
  provider.keys = [fresh.jwk];
  const token = await tokenOf({ signer: fresh });
  // Keys are asked for again 30 s after the last time at the earliest: until then a forged id costs the provider nothing.
  await expect(verify(token, now)).rejects.toMatchObject({ message: expect.stringContaining('no key') });
  expect(provider.asked).toBe(2);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
  expect((await verify(token, now)).id).toBe('dora');
  const gone = await tokenOf({ claims: { sub: 'not remembered' } });
  await expect(verify(gone, now)).rejects.toMatchObject({ message: expect.stringContaining('no key') });
});

test('while the provider does not answer nobody is told that their token is wrong; when it does, they are let in', async () => {
  const verify = createOidcVerifier(config);
  provider.broken = true;
  const token = await tokenOf();
  await expect(verify(token, now)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', status: 503 });
  const keysOnly = createOidcVerifier({ ...config, jwksUrl: `${provider.issuer}/keys` });
  await expect(keysOnly(token, now)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  provider.broken = false;
  expect((await verify(token, now)).id).toBe('dora');
  expect((await keysOnly(token, now)).id).toBe('dora');
});

test('a discovery document of another issuer is not believed', async () => {
  const verify = createOidcVerifier({ ...config, issuer: `${provider.issuer}/` });
  await expect(verify(await tokenOf(), now)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});
