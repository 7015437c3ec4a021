import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import type { SubgraphLink } from '../links/subgraph-link.ts';
import { createSchemaLink } from './schema-link.ts';

const commentsOf: Readonly<Record<string, readonly string[]>> = {
  p1: ['c1', 'c2', 'c3'],
  p2: ['c4', 'c5', 'c6'],
};
const authorOf = (comment: string): string => (Number(comment.slice(1)) < 4 ? 'a2' : 'a1');

/** The two subgraphs of posts and comments in the audit's suite `requires-with-argument`, over their own SDL. */
export function auditPosts(sdl: { readonly c: string; readonly d: string }): readonly SubgraphLink[] {
  const c = buildSubgraphSchema({
    typeDefs: parse(sdl.c),
    resolvers: {
      Query: { feed: () => Object.keys(commentsOf).map((id) => ({ id })) },
      Post: { __resolveReference: (key: object) => ({ ...key }) },
      Comment: { __resolveReference: ({ id }: { id: string }) => ({ id, authorId: authorOf(id), body: id }) },
    },
  });
  const d = buildSubgraphSchema({
    typeDefs: parse(sdl.d),
    resolvers: {
      Post: {
        __resolveReference: (key: object) => ({ ...key }),
        comments: ({ id }: { id: string }, { limit }: { limit: number }) =>
          commentsOf[id]?.slice(0, limit).map((comment) => ({ id: comment })),
        // What @requires promises: three comments with their authors.
        author({ comments }: { comments?: readonly { authorId: string }[] }) {
          if (comments?.length !== 3) throw new Error('three comments are required');
          return { id: comments[0]?.authorId };
        },
      },
      Comment: { __resolveReference: (key: object) => ({ ...key }) },
    },
  });
  return [createSchemaLink('c', c), createSchemaLink('d', d)];
}
