import { describe, expect, test } from 'vitest';
import { findOperation, isResumable } from './followed-operation.ts';

describe('findOperation', () => {
  const two = 'query A { a } subscription B { b }';
  test.each([
    ['the one that is named', two, 'B', 'B'],
    ['the only one, whatever the name that lags behind', 'query A { a }', 'B', 'A'],
    ['none of several without a name', two, null, undefined],
    ['none of several by a name that none has', two, 'C', undefined],
    ['none in a text that is no GraphQL', 'query A {', 'A', undefined],
  ])('finds %s', (_, query, name, found) => {
    expect(findOperation(query, name)?.name?.value).toBe(found);
  });
});

describe('isResumable', () => {
  const resumable = (query: string): boolean => {
    const operation = findOperation(query, null);
    return operation !== undefined && isResumable(operation);
  };
  test.each([
    [
      'takes $after and tells its cursor',
      'subscription ($after: Cursor) { v(after: $after) { __typename cursor } }',
      true,
    ],
    ['takes no $after', 'subscription { v { __typename cursor } }', false],
    ['tells no cursor', 'subscription ($after: Cursor) { v(after: $after) { __typename } }', false],
    [
      'tells its cursor by another name',
      'subscription ($after: Cursor) { v(after: $after) { __typename c: cursor } }',
      false,
    ],
    ['yields a plain value', 'subscription ($after: Cursor) { ticks(after: $after) }', false],
  ])('a stream that %s: %s → %s', (_, query, expected) => {
    expect(resumable(query)).toBe(expected);
  });
});
