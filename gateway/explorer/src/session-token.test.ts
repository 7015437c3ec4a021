import { expect, test } from 'vitest';
import { authorizationOf, createSessionToken } from './session-token.ts';

function memoryStorage(): Storage {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    clear: () => kept.clear(),
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}

test('a token outlives a reload of the page, without the blanks of pasting', () => {
  const storage = memoryStorage();
  createSessionToken(storage).set('  secret\n');
  const again = createSessionToken(storage);
  expect(again.get()).toBe('secret');
  expect(authorizationOf(again.get())).toEqual({ authorization: 'Bearer secret' });
});

test('a token that is taken back is kept nowhere', () => {
  const storage = memoryStorage();
  const token = createSessionToken(storage);
  token.set('secret');
  token.set('');
  expect(storage.length).toBe(0);
  expect(authorizationOf(token.get())).toEqual({});
});
