import type { Role } from '@spine/kernel/role';
import { makePrincipal } from '@spine/platform/auth/principal';
import { expect, test, vi } from 'vitest';
import { defaultLimits } from '../limits/operation-limits.ts';
import { createFrontDoor, isRefusal } from './front-door.ts';

const principal = (...roles: readonly Role[]) => makePrincipal({ id: 'p', kind: 'user', roles });

function setUp(limits = defaultLimits) {
  const resolveDocument = vi.fn(({ query }: { readonly query?: unknown }) => String(query));
  const onRefused = vi.fn();
  const door = createFrontDoor({ limits, resolveDocument, onRefused });
  const limitOf = (request: unknown, who = principal('viewer')): unknown => {
    const admitted = door(request, who);
    return isRefusal(admitted) ? (admitted[0]?.extensions['limit'] ?? admitted[0]?.extensions['code']) : 'in';
  };
  return { door, limitOf, resolveDocument, onRefused };
}

test('who holds no role has a smaller allowance of tokens', () => {
  const { limitOf } = setUp();
  const query = `{ a(b: [${'1 '.repeat(2_000)}]) }`;
  expect(limitOf({ query })).toBe('in');
  expect(limitOf({ query }, principal())).toBe('tokensWithoutRole');
  expect(limitOf({ query }, principal('admin'))).toBe('in');
});

test('a text that is too long is refused before anything is done with it', () => {
  const { limitOf, resolveDocument } = setUp();
  expect(limitOf({ query: 'x'.repeat(15_001) })).toBe('characters');
  expect(resolveDocument).not.toHaveBeenCalled();
});

test('what is wrong with the text of a document is left to the parser, which knows where', () => {
  expect(setUp().limitOf({ query: '{ a( }' })).toBe('in');
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['a text', '{ a }'],
  ['a batch', [{ query: '{ a }' }]],
  ['variables that are a list', { query: '{ a }', variables: [] }],
  ['extensions that are a text', { query: '{ a }', extensions: '{}' }],
  ['a name that is a number', { query: '{ a }', operationName: 1 }],
])('%s is no request', (_, request) => {
  expect(setUp().limitOf(request)).toBe('BAD_REQUEST');
});

test('what is let in says no more of persisted queries, and nothing that was not asked', () => {
  const { door } = setUp();
  const extensions = { persistedQuery: { version: 1, sha256Hash: 'a' }, other: 1 };
  expect(door({ query: '{ a }', variables: null, extensions, surprise: true }, principal())).toEqual({
    query: '{ a }',
    extensions: { other: 1 },
  });
});

test('each refusal is told by its limit or its code', () => {
  const { limitOf, onRefused } = setUp({ ...defaultLimits, depth: 1, aliases: 0 });
  limitOf({ query: '{ a { b: c } }' });
  limitOf([]);
  expect(onRefused.mock.calls).toEqual([['depth'], ['aliases'], ['BAD_REQUEST']]);
});
