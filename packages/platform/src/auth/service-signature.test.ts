import { expect, test } from 'vitest';
import { claimsOf } from './claims.ts';
import { makePrincipal } from './principal.ts';
import { hashBody, signRequest, verifyRequest } from './service-signature.ts';

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

interface Seen {
  readonly secret: string;
  readonly headers: Record<string, string>;
  readonly method: string;
  readonly path: string;
  readonly bodyHash: string;
  readonly now: Date;
}
const seen: Seen = { secret, headers, method: 'POST', path: '/graphql?x=1', bodyHash: hashBody(body), now };

test('a signed request speaks for the principal whose claims it carries', () => {
  expect(verifyRequest(seen)).toEqual(carol);
});

test('without claims the service itself is the principal, with the role service and no other', () => {
  const own = signRequest({ secret, service: 'cdc', method: 'GET', path: '/internal/bundle', now });
  const principal = verifyRequest({
    ...seen,
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
  JSON.stringify({ id: 'carol', kind: 'user', roles: ['admin'], functions: [] }),
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
  ['a time that is none', { headers: { ...headers, 'spine-time': 'now' } }],
  ['a forged signature', { headers: { ...headers, 'spine-signature': 'f'.repeat(64) } }],
  ['a short signature', { headers: { ...headers, 'spine-signature': 'f' } }],
  ['a replay after the window', { now: later(30_001) }],
  ['a clock that is behind by more than the window', { now: later(-30_001) }],
])('%s is refused', (_name, altered) => {
  expect(() => verifyRequest({ ...seen, ...altered })).toThrow(
    expect.objectContaining({ code: 'UNAUTHENTICATED' }),
  );
});

test.each([30_000, -30_000, 0])('%i ms from the time of signing is inside the window', (ms) => {
  expect(verifyRequest({ ...seen, now: later(ms) }).id).toBe('carol');
});
