import type { Log } from '@spine/platform/log/create-log';
import type { GraphQLError } from 'graphql';
import type { SubgraphLink } from '../links/subgraph-link.ts';
import type { RequestContext } from './request-context.ts';
import type { Tree } from './tree.ts';

/** One operation while its plan runs. */
export interface PlanRun {
  /** What is known of the answer: fetches merge into it. */
  readonly root: Tree;
  /** What subgraphs complained of, as clients see it. */
  readonly errors: GraphQLError[];
  /** As the client gave them, with the defaults of those it did not give. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly context: RequestContext;
  readonly links: ReadonlyMap<string, SubgraphLink>;
  readonly log: Pick<Log, 'warn'>;
  readonly timeoutMs: number;
}

/** A part of a plan: does its work on the objects that it is given, and says when that takes time. */
export type Step = (run: PlanRun, objects: readonly Tree[]) => Promise<void> | void;
