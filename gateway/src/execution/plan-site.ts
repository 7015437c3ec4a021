import type { GraphQLSchema } from 'graphql';
import type { PlanNames } from './plan-names.ts';

/** What compiling a plan needs to know beside it. */
export interface PlanSite {
  /** The supergraph: subgraphs know types that clients do not. */
  readonly schema: GraphQLSchema;
  readonly names: PlanNames;
}
