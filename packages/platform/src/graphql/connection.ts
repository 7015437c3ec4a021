import 'reflect-metadata';
import { Problem } from '@spine/kernel/problem';
import { type ClassType, Field, ObjectType } from 'type-graphql';
import { Cursor } from './scalars.ts';
import { PageInfo } from './shared-types.ts';

export interface Edge<Node> {
  cursor: string;
  node: Node;
}

export interface Connection<Node> {
  nodes: Node[];
  edges: Edge<Node>[];
  pageInfo: PageInfo;
}

/** What a list query must fetch: rows after the keyset, one more than the page, so that it knows whether more follow. */
export interface PageRequest {
  readonly size: number;
  /** `size + 1`. */
  readonly limit: number;
  /** The sort values of the row before the page; undefined for the first page. */
  readonly after: readonly string[] | undefined;
}

/** Most nodes of a page. */
export const largestPage = 100;
/** Nodes of a page when nobody says how many. */
export const usualPage = 20;

/** `<Name>Connection` and `<Name>Edge` of a node class, Relay's way, with `nodes` as the short cut. Make it once a class. */
export function connectionType<Node extends object>(
  nodeClass: ClassType<Node>,
  name: string = nodeClass.name,
): ClassType<Connection<Node>> {
  @ObjectType(`${name}Edge`)
  class NodeEdge implements Edge<Node> {
    @Field(() => Cursor)
    cursor!: string;

    @Field(() => nodeClass)
    node!: Node;
  }

  @ObjectType(`${name}Connection`)
  class NodeConnection implements Connection<Node> {
    @Field(() => [nodeClass])
    nodes!: Node[];

    @Field(() => [NodeEdge])
    edges!: NodeEdge[];

    @Field(() => PageInfo)
    pageInfo!: PageInfo;
  }
  return NodeConnection;
}

/** Checks the arguments of a connection. Throws INPUT_INVALID for a page larger than 100, CURSOR_INVALID for a foreign cursor. */
export function pageArgs(
  first: number | null | undefined,
  after: string | null | undefined,
  keysetLength = 1,
): PageRequest {
  const size = first ?? usualPage;
  if (!Number.isInteger(size) || size < 1 || size > largestPage) {
    throw new Problem('INPUT_INVALID', `first must be 1 to ${largestPage}`, {
      fix: `Ask for at most ${largestPage} and go on with after: pageInfo.endCursor.`,
      path: 'first',
    });
  }
  return {
    size,
    limit: size + 1,
    after: after === null || after === undefined ? undefined : decodeKeyset(after, keysetLength),
  };
}

/** The page made of the rows that a PageRequest asked for, in order. */
export function toConnection<Row, Node extends object>(
  page: PageRequest,
  rows: readonly Row[],
  map: { readonly node: (row: Row) => Node; readonly keyset: (row: Row) => readonly string[] },
): Connection<Node> {
  const edges = rows
    .slice(0, page.size)
    .map((row): Edge<Node> => ({ cursor: encodeKeyset(map.keyset(row)), node: map.node(row) }));
  return {
    nodes: edges.map((edge) => edge.node),
    edges,
    pageInfo: Object.assign(new PageInfo(), {
      hasNextPage: rows.length > page.size,
      hasPreviousPage: page.after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    }),
  };
}

/** An opaque cursor of the sort values of a row. */
export function encodeKeyset(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** The sort values of a cursor, as many as asked. Throws CURSOR_INVALID. */
export function decodeKeyset(cursor: string, length: number): readonly string[] {
  const values = parseKeyset(cursor);
  if (values?.length === length) return values;
  throw new Problem('CURSOR_INVALID', 'the cursor was not handed out by this list', {
    fix: 'Use pageInfo.endCursor of the page before, or leave `after` out.',
    path: 'after',
  });
}

function parseKeyset(cursor: string): readonly string[] | undefined {
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (!Array.isArray(values)) return undefined;
    const texts = values.filter((value) => typeof value === 'string');
    return texts.length === values.length ? texts : undefined;
  } catch {
    return undefined;
  }
}
