import type { Policy } from '../../check-rules.ts';
import type { Budget } from '../budget.ts';
import type { Comparison } from '../difference.ts';
import type { Patterns } from '../pattern/pattern.ts';
import type { ShapeOf } from './read-shape.ts';
import type { Shape } from './shape.ts';

/** What the comparison of one kind of shape needs to look into what is inside. */
export interface ShapeComparer {
  readonly budget: Budget;
  readonly policy: Policy;
  readonly shapeOf: ShapeOf;
  readonly patternOf: Patterns;
  compare(writer: Shape, reader: Shape): Comparison;
}
