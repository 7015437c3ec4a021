import type { Policy } from '../../check-rules.ts';
import type { Budget } from '../budget.ts';
import type { Comparison } from '../difference.ts';
import type { JsonSchemaNode } from '../json-schema-tree.ts';
import type { Patterns } from '../pattern/pattern.ts';
import type { ValidateInstance } from '../validate-instance.ts';
import type { SameSchema } from './same-schema.ts';
import type { View } from './view.ts';

/** What the rules for single keywords need to look into what is inside, and beside. */
export interface Containment {
  readonly budget: Budget;
  readonly policy: Policy;
  readonly patternOf: Patterns;
  readonly validate: ValidateInstance;
  readonly isSame: SameSchema;
  /** Whether a schema takes all that fits all of some others. */
  contain(reader: JsonSchemaNode, writer: readonly JsonSchemaNode[]): Comparison;
  /** The same for one way to write a value, in the same place. */
  containView(reader: JsonSchemaNode, view: View): Comparison;
  /** Whether surely nothing fits all of some schemas. */
  isEmpty(nodes: readonly JsonSchemaNode[]): boolean;
}
