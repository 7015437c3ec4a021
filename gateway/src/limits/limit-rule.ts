import { GraphQLError, type ValidationRule } from 'graphql';
import { measureOperation } from './measure-operation.ts';

/** How much one operation may ask for. */
export interface OperationLimits {
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
}

/** A validation rule that refuses operations beyond the limits; each error names the limit and what was asked. */
export function createLimitRule(
  limits: OperationLimits,
  onRejected: (reason: keyof OperationLimits) => void = () => undefined,
): ValidationRule {
  return (context) => ({
    OperationDefinition(operation) {
      const measure = measureOperation(operation, (name) => context.getFragment(name));
      for (const [name, what] of checked) {
        if (measure[name] <= limits[name]) continue;
        onRejected(name);
        context.reportError(
          new GraphQLError(`the operation has ${measure[name]} ${what}; the limit is ${limits[name]}`, {
            nodes: operation,
            extensions: { code: 'OPERATION_TOO_LARGE', limit: name },
          }),
        );
      }
      // Selections are measured already.
      return false;
    },
  });
}

const checked = [
  ['depth', 'levels of fields'],
  ['aliases', 'aliases'],
  ['rootFields', 'root fields'],
] as const;
