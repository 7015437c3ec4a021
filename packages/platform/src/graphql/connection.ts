import { Problem } from '@spine/kernel/problem';
import { type ClassType, Directive, Field, ObjectType } from 'type-graphql';
import { PageInfo } from './shared-types.ts';

/** Lists answer this many nodes when `first` is not given, and at most `maxFirst`. */
export const defaultFirst = 20;
export const maxFirst = 100;

export interface Connection<N> {
  readonly nodes: readonly N[];
  readonly pageInfo: PageInfo;
}

/** A Relay connection class named `NAMEConnection` over a node class, with `nodes` and `pageInfo`. */
export function connectionType<N extends object>(
  name: string,
  node: () => ClassType<N>,
  options: { readonly shareable?: boolean } = {},
): ClassType<Connection<N>> {
  @ObjectType(`${name}Connection`)
  class NodeConnection {
    @Field(() => [node()])
    nodes!: readonly N[];

    @Field(() => PageInfo)
    pageInfo!: PageInfo;
  }
  if (options.shareable === true) Directive('@shareable')(NodeConnection);
  return NodeConnection;
}

/** Checks `first` and reads the keyset of `after`. Throws INPUT_INVALID or CURSOR_INVALID. */
export function pageArgs(
  first: number | null | undefined,
  after: string | null | undefined,
): { readonly first: number; readonly after: readonly string[] | null } {
  const count = first ?? defaultFirst;
  if (!Number.isInteger(count) || count < 0 || count > maxFirst) {
    throw new Problem('INPUT_INVALID', `first is ${count}; it may be 0 to ${maxFirst}`, { path: 'first' });
  }
  return { first: count, after: after == null ? null : decodeKeyset(after) };
}

/** A page from up to `first + 1` rows: the one too many only tells that there are more. */
export function pageOf<R, N>(
  rows: readonly R[],
  first: number,
  keysetOf: (row: R) => readonly string[],
  toNode: (row: R) => N,
  hasPrevious = false,
): Connection<N> {
  const shown = rows.slice(0, first);
  const head = shown[0];
  const tail = shown.at(-1);
  return {
    nodes: shown.map(toNode),
    pageInfo: Object.assign(new PageInfo(), {
      hasNextPage: rows.length > first,
      hasPreviousPage: hasPrevious,
      startCursor: head === undefined ? null : encodeKeyset(keysetOf(head)),
      endCursor: tail === undefined ? null : encodeKeyset(keysetOf(tail)),
    }),
  };
}

/** The values that order a list, as one opaque cursor. */
export function encodeKeyset(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** Reads what `encodeKeyset` wrote. Throws CURSOR_INVALID. */
export function decodeKeyset(cursor: string): readonly string[] {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(values) && values.every((value) => typeof value === 'string')) return values;
  } catch {
    // Falls through to the one error for everything that is no cursor of ours.
  }
  throw new Problem('CURSOR_INVALID', 'the cursor is not one that this list gave out', {
    fix: 'Use the endCursor of an earlier answer, or leave `after` out.',
  });
}
