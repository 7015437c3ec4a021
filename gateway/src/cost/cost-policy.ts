import { GraphQLError } from 'graphql';
import type { Operation } from '../execution/operation.ts';
import { estimateCost } from './estimate-cost.ts';

/** off: not estimated. measure: estimated and counted. enforce: refused beyond the most. */
export type CostMode = 'off' | 'measure' | 'enforce';

export interface CostPolicy {
  readonly mode: CostMode;
  /** The most that one operation may cost. */
  readonly most: number;
  /** Told of each estimate. */
  readonly observe: (cost: number) => void;
}

/** The cost of an operation (1 when nobody estimates it), or the refusal of one that costs too much. */
export function costOf(operation: Operation, { mode, most, observe }: CostPolicy): number {
  if (mode === 'off') return 1;
  const cost = estimateCost(operation);
  observe(cost);
  if (mode === 'measure' || cost <= most) return cost;
  throw new GraphQLError(`the operation may cost ${cost}; the limit is ${most}`, {
    extensions: {
      code: 'OPERATION_TOO_COSTLY',
      limit: 'cost',
      measure: cost,
      most,
      fix: 'Ask for smaller pages (first, maxNodes), fewer lists within lists, or in several requests.',
    },
  });
}
