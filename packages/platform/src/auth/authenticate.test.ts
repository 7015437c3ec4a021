import { createHash } from 'node:crypto';
import { Problem } from '@spine/kernel/problem';
import { expect, test } from 'vitest';
import { type Caller, createAuthenticator } from './authenticate.ts';
import { claimsOf } from './claims.ts';
import { makePrincipal } from './principal.ts';
import { hashBody, signRequest } from './service-signature.ts';
import type { StaticToken } from './static-token.ts';
import { signConnection, signSubscribe } from './subscription-signature.ts';

const serviceSecret = 'a secret of thirty-two characters';
const now = new Date('2026-03-01T12:00:00.000Z');
const clock = { now: () => now };
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const tokens = [
  { id: 'ci', sha256: sha256('s3cret'), roles: ['publisher'] as const, functions: [] },
  { id: 'sec', sha256: sha256('pass:word'), roles: ['security'] as const, functions: ['security'] },
];
const configured = createAuthenticator({ tokens, serviceSecret, clock });
const dev = createAuthenticator({ tokens: null, serviceSecret, clock });
const refused = { code: 'UNAUTHENTICATED' };

const caller = (headers: Caller['headers'], remoteAddress = '127.0.0.1'): Caller => ({
  headers,
  remoteAddress,
  signed: { method: 'GET', path: '/x', bodyHash: hashBody(undefined) },
});
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

test.each([
  ['a bearer token', 'Bearer s3cret', 'ci'],
  ['a bearer scheme in small letters', 'bearer s3cret', 'ci'],
  ['Basic id:secret', basic('ci:s3cret'), 'ci'],
  ['a Basic secret with a colon', basic('sec:pass:word'), 'sec'],
])('%s is recognised', async (_name, authorization, id) => {
  expect(await configured.authenticate(caller({ authorization }))).toMatchObject({ id, kind: 'user' });
});

test.each([
  ['nothing', undefined],
  ['an unknown token', 'Bearer wrong'],
  ['the hash in place of the secret', `Bearer ${sha256('s3cret')}`],
  ['a known secret under another id', basic('sec:s3cret')],
  ['a Basic header without id', basic('s3cret')],
  ['another scheme', 'Digest s3cret'],
  ['an empty bearer', 'Bearer '],
])('%s is refused where tokens are configured, also on this machine', async (_name, authorization) => {
  await expect(configured.authenticate(caller({ authorization }))).rejects.toMatchObject(refused);
});

test('without configuration this machine acts as admin', async () => {
  expect(dev.mode).toBe('dev');
  expect(await dev.authenticate(caller({ host: 'localhost:4000' }))).toMatchObject({
    id: 'dev',
    kind: 'dev',
    roles: ['admin'],
  });
});

test.each([
  ['another machine', caller({}, '192.0.2.7')],
  ['a name that was rebound to this machine', caller({ host: 'evil.example:4000' })],
  ['a page of another origin', caller({ host: '127.0.0.1:4000', origin: 'https://evil.example' })],
  ['a page without an origin', caller({ host: '127.0.0.1:4000', origin: 'null' })],
])('without configuration %s is refused', async (_name, from) => {
  await expect(dev.authenticate(from)).rejects.toMatchObject(refused);
});

test('a wrong signature is refused in dev mode too, not passed over', async () => {
  const headers = { ...signRequest({ secret: 'x', service: 'cdc', method: 'GET', path: '/x', now }) };
  await expect(dev.authenticate(caller(headers))).rejects.toMatchObject(refused);
});

test('a token beside a wrong signature does not help', async () => {
  const headers = signRequest({ secret: 'x', service: 'cdc', method: 'GET', path: '/x', now });
  await expect(
    configured.authenticate(caller({ ...headers, authorization: 'Bearer s3cret' })),
  ).rejects.toMatchObject(refused);
});

const operation = { query: 'subscription { violations { cursor } }', variables: { after: 'c1' } };
const dave = makePrincipal({ id: 'dave', kind: 'user', roles: ['viewer'] });
const signature = signSubscribe({
  secret: serviceSecret,
  service: 'gateway',
  now,
  claims: claimsOf(dave),
  operation,
});

test('a subscribe message speaks for the principal whose signed claims it carries', () => {
  expect(configured.authenticateSubscribe(signature, operation, caller({}))).toEqual(dave);
});

test.each([
  ['another query', { ...operation, query: 'subscription { decisions { cursor } }' }],
  ['other variables', { ...operation, variables: { after: 'c2' } }],
  ['another operation name', { ...operation, operationName: 'Other' }],
])('the signature of one subscribe message does not fit %s', (_name, other) => {
  expect(() => configured.authenticateSubscribe(signature, other, caller({}))).toThrow(
    expect.objectContaining(refused),
  );
});

test('a subscribe message without claims is refused where tokens are configured, and acts as dev where not', () => {
  expect(() => configured.authenticateSubscribe(undefined, operation, caller({}))).toThrow(
    expect.objectContaining(refused),
  );
  expect(dev.authenticateSubscribe(undefined, operation, caller({})).kind).toBe('dev');
});

test('a connection is proved by its payload, and a payload is no proof for a message', () => {
  const payload = signConnection({ secret: serviceSecret, service: 'gateway', now });
  expect(configured.authenticateConnection(payload, caller({}))).toMatchObject({
    id: 'gateway',
    kind: 'service',
  });
  expect(() => configured.authenticateConnection({}, caller({}))).toThrow(expect.objectContaining(refused));
  expect(() => configured.authenticateSubscribe(payload, operation, caller({}))).toThrow(
    expect.objectContaining(refused),
  );
});

const jwt = 'aaaa.bbbb.cccc';
const dora = makePrincipal({ id: 'dora', kind: 'user', roles: ['viewer'] });
const oidc = async (token: string) => {
  if (token === jwt) return dora;
  throw new Problem('UNAUTHENTICATED', 'not the token of the provider');
};
const both = createAuthenticator({ tokens, oidc, serviceSecret, clock });
const onlyProvider = createAuthenticator({ tokens: null, oidc, serviceSecret, clock });

test('a provider beside static tokens: each is accepted, and either alone ends dev mode', async () => {
  expect([both.mode, onlyProvider.mode]).toEqual(['tokens', 'tokens']);
  expect(await both.authenticate(caller({ authorization: `Bearer ${jwt}` }))).toBe(dora);
  expect(await both.authenticate(caller({ authorization: 'Bearer s3cret' }))).toMatchObject({ id: 'ci' });
  expect(await onlyProvider.authenticate(caller({ authorization: `Bearer ${jwt}` }))).toBe(dora);
});

test.each([
  ['a token of neither', both, 'Bearer wrong'],
  ['a JWT of somebody else', both, 'Bearer aaaa.bbbb.dddd'],
  ['a JWT as the password of Basic', both, basic(`dora:${jwt}`)],
  ['a static token where there is only a provider', onlyProvider, 'Bearer s3cret'],
  ['a JWT where there is no provider', configured, `Bearer ${jwt}`],
  ['nothing where there is only a provider', onlyProvider, undefined],
])('%s is refused', async (_name, authenticator, authorization) => {
  await expect(authenticator.authenticate(caller({ authorization }))).rejects.toMatchObject(refused);
});

test('a static token is good until it expires, and what its file says now counts', async () => {
  const ending = { id: 'ci', sha256: sha256('s3cret'), roles: ['viewer'] as const, functions: [] };
  let known: readonly StaticToken[] = [{ ...ending, expiresAt: now }];
  let time = now;
  const authenticator = createAuthenticator({
    tokens: () => known,
    serviceSecret,
    clock: { now: () => time },
  });
  const ask = () => authenticator.authenticate(caller({ authorization: 'Bearer s3cret' }));
  time = new Date(now.getTime() + 4_999);
  expect(await ask()).toMatchObject({ id: 'ci', expiresAt: now });
  time = new Date(now.getTime() + 5_000);
  await expect(ask()).rejects.toMatchObject({ ...refused, message: 'the token has expired' });
  known = [ending];
  expect(await ask()).toMatchObject({ id: 'ci', expiresAt: null });
  known = [];
  await expect(ask()).rejects.toMatchObject(refused);
});

test('what a socket proved once, it does not prove again: neither a connection nor a subscribe message', () => {
  const payload = signConnection({ secret: serviceSecret, service: 'gateway', now });
  const again = createAuthenticator({ tokens, serviceSecret, clock });
  again.authenticateConnection(payload, caller({}));
  expect(() => again.authenticateConnection(payload, caller({}))).toThrow(expect.objectContaining(refused));
  again.authenticateSubscribe(signature, operation, caller({}));
  expect(() => again.authenticateSubscribe(signature, operation, caller({}))).toThrow(
    expect.objectContaining(refused),
  );
});
