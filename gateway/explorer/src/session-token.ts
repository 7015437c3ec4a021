import { type Cell, createCell } from './cell.ts';

const key = 'spine.token';

/** The bearer token: kept as long as this tab of the browser, never longer and never on a disk. */
export function createSessionToken(storage: Storage = sessionStorage): Cell<string> {
  const cell = createCell(storage.getItem(key) ?? '');
  return {
    ...cell,
    set(token) {
      const trimmed = token.trim();
      if (trimmed === '') storage.removeItem(key);
      else storage.setItem(key, trimmed);
      cell.set(trimmed);
    },
  };
}

/** The header, or the member of connection_init, that carries a token; empty without one. */
export function authorizationOf(token: string): Record<string, string> {
  return token === '' ? {} : { authorization: `Bearer ${token}` };
}
