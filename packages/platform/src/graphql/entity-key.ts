import { Problem } from '@spine/kernel/problem';

/** The key fields by which another subgraph refers to an entity, as the gateway sent them. */
export type EntityKey = Readonly<Record<string, unknown>>;

/** A text of a key. Throws INPUT_INVALID when it is missing: the gateway never sends such a key. */
export function keyText(key: EntityKey, field: string): string {
  const value = key[field];
  if (typeof value === 'string') return value;
  throw new Problem('INPUT_INVALID', `the key field ${field} of ${String(key['__typename'])} is not a text`);
}

/** A whole number of a key. Throws INPUT_INVALID. */
export function keyInteger(key: EntityKey, field: string): number {
  const value = Number(key[field]);
  if (Number.isSafeInteger(value)) return value;
  throw new Problem(
    'INPUT_INVALID',
    `the key field ${field} of ${String(key['__typename'])} is not a whole number`,
  );
}
