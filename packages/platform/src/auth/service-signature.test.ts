import { expect, test } from 'vitest';
import { claimsOf, createReadClaims, encodeClaims } from './claims.ts';
import { makePrincipal } from './principal.ts';
import { createReplayGuard } from './replay-guard.ts';
import {
  hashBody,
  signatureWindowMs,
  signRequest,
  type VerifyRequest,
  verifyRequest,
} from './service-signature.ts';

const secret = 'a secret of thirty-two characters';
const now = new Date('2026-03-01T12:00:00.000Z');
const body = '{"leaves":[]}';
const carol = makePrincipal({ id: 'carol', kind: 'user', roles: ['steward'], functions: ['security'] });
const headers = signRequest({
  secret,
  service: 'gateway',
  method: 'POST',
  path: '/graphql?x=1',
  body,
  claims: claimsOf(carol),
  now,
});

const fresh = (): Pick<VerifyRequest, 'replays' | 'readClaims'> => ({
  replays: createReplayGuard({ windowMs: signatureWindowMs }),
  readClaims: createReadClaims(),
});
const seen = { secret, headers, method: 'POST', path: '/graphql?x=1', bodyHash: hashBody(body), now };
type Seen = typeof seen & { readonly headers: Record<string, string> };

test('a signed request speaks for the principal whose claims it carries', () => {
  expect(verifyRequest({ ...seen, ...fresh() })).toEqual(carol);
});

test('without claims the service itself is the principal, with the role service and no other', () => {
  const own = signRequest({ secret, service: 'cdc', method: 'GET', path: '/internal/bundle', now });
  const principal = verifyRequest({
    ...seen,
    ...fresh(),
    headers: own,
    method: 'GET',
    path: '/internal/bundle',
    bodyHash: hashBody(undefined),
  });
  expect(principal).toEqual({
    id: 'cdc',
    kind: 'service',
    roles: ['service'],
    functions: [],
    expiresAt: null,
  });
});

const later = (ms: number): Date => new Date(now.getTime() + ms);
const adminClaims = Buffer.from(
  JSON.stringify({ id: 'carol', kind: 'user', roles: ['admin'], functions: [], exp: null }),
).toString('base64url');

test.each<[string, Partial<Seen>]>([
  ['another secret', { secret: 'another secret of thirty-two chars' }],
  ['another method', { method: 'PUT' }],
  ['another path', { path: '/graphql?x=2' }],
  ['another body', { bodyHash: hashBody('{"leaves":[1]}') }],
  ['other claims', { headers: { ...headers, 'spine-claims': adminClaims } }],
  ['no claims', { headers: { ...headers, 'spine-claims': '' } }],
  ['another service', { headers: { ...headers, 'spine-service': 'registry' } }],
  ['no service', { headers: { ...headers, 'spine-service': '' } }],
  ['another time', { headers: { ...headers, 'spine-time': later(1).toISOString() } }],
  ['another nonce', { headers: { ...headers, 'spine-nonce': 'n'.repeat(36) } }],
  ['no nonce', { headers: { ...headers, 'spine-nonce': '' } }],
  ['a time that is none', { headers: { ...headers, 'spine-time': 'now' } }],
  ['a forged signature', { headers: { ...headers, 'spine-signature': 'f'.repeat(64) } }],
  ['a short signature', { headers: { ...headers, 'spine-signature': 'f' } }],
  ['a replay after the window', { now: later(30_001) }],
  ['a clock that is behind by more than the window', { now: later(-30_001) }],
])('%s is refused', (_name, altered) => {
  expect(() => verifyRequest({ ...seen, ...fresh(), ...altered })).toThrow(
    expect.objectContaining({ code: 'UNAUTHENTICATED' }),
  );
});

test.each([30_000, -30_000, 0])('%i ms from the time of signing is inside the window', (ms) => {
  expect(verifyRequest({ ...seen, ...fresh(), now: later(ms) }).id).toBe('carol');
});

test('what was seen once is refused from then on, whatever else was seen between', () => {
  const verifier = fresh();
  expect(verifyRequest({ ...seen, ...verifier }).id).toBe('carol');
  const other = signRequest({ secret, service: 'cdc', method: 'POST', path: '/graphql?x=1', body, now });
  expect(verifyRequest({ ...seen, ...verifier, headers: other }).id).toBe('cdc');
  for (const ms of [0, 29_999, 30_000]) {
    expect(() => verifyRequest({ ...seen, ...verifier, now: later(ms) })).toThrow(
      expect.objectContaining({ code: 'UNAUTHENTICATED', message: expect.stringContaining('used before') }),
    );
  }
});

test('two requests of the same words and moment are two requests', () => {
  const of = { secret, service: 'cdc', method: 'GET', path: '/x', now };
  expect(signRequest(of)['spine-signature']).not.toBe(signRequest(of)['spine-signature']);
});

test('one secret replaces the other without a refusal: the first signs, both are accepted', () => {
  const old = 'the old secret of thirty-two characters';
  const fresher = 'the new secret of thirty-two characters';
  const stages = [old, `${old},${fresher}`, `${fresher}, ${old}`, fresher];
  const ask = (signing: string, accepting: string): string => {
    const signed = signRequest({
      secret: signing,
      service: 'cdc',
      method: 'POST',
      path: '/graphql?x=1',
      body,
      now,
    });
    return verifyRequest({ ...seen, ...fresh(), secret: accepting, headers: signed }).id;
  };
  // While a stage is rolled out, processes of it and of the stage before ask each other.
  stages.forEach((stage, index) => {
    const before = stages[index - 1] ?? stage;
    expect([ask(before, stage), ask(stage, before), ask(stage, stage)]).toEqual(['cdc', 'cdc', 'cdc']);
  });
  expect(() => ask(old, fresher)).toThrow();
});

test('claims of a principal whose own proof has ended are refused, a clock being 5 s off at most', () => {
  const expiresAt = later(10_000);
  const dave = makePrincipal({ id: 'dave', kind: 'user', roles: ['viewer'], expiresAt });
  const signed = (at: Date): Record<string, string> =>
    signRequest({ ...seen, service: 'gateway', body, claims: claimsOf(dave), now: at });
  const verify = (at: Date) => verifyRequest({ ...seen, ...fresh(), headers: signed(at), now: at });
  expect(verify(later(14_999))).toEqual(dave);
  expect(() => verify(later(15_000))).toThrow(
    expect.objectContaining({ code: 'UNAUTHENTICATED', message: 'the token has expired' }),
  );
});

test('claims are written once for a principal, and equal claims give one principal', () => {
  const { readClaims } = fresh();
  expect(claimsOf(carol)).toBe(claimsOf(carol));
  const encoded = encodeClaims(claimsOf(carol));
  expect(readClaims(encoded)).toEqual(carol);
  expect(readClaims(encoded)).toBe(readClaims(encoded));
});

test('claims that cannot be read are refused, though they are signed', () => {
  const { readClaims } = fresh();
  for (const text of ['', 'e30', Buffer.from('{"id":"x"').toString('base64url')]) {
    expect(() => readClaims(text)).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  }
});
