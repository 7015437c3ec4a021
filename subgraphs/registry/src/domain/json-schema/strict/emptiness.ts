import type { JsonSchemaNode } from '../json-schema-tree.ts';
import { limitsOf } from './limits.ts';
import { listViews, schemasOfItem, schemasOfProperty, type View, type ViewMeans } from './view.ts';

/** Two schemas that share no value are told apart near the top, as by a property that names the kind. */
const maxDepth = 4;

/** Whether surely nothing fits all of some schemas. */
export function isEmpty(nodes: readonly JsonSchemaNode[], means: ViewMeans, depth = 0): boolean {
  if (depth > maxDepth || nodes.length === 0) return false;
  return listViews(nodes, means).every((view) => isEmptyView(view, means, depth));
}

/** Whether surely no value is written in this way. */
export function isEmptyView(view: View, means: ViewMeans, depth = 0): boolean {
  if (view.values !== undefined) return false;
  const { nodes, type } = view;
  means.budget.spend(nodes.length);
  const limits = limitsOf(nodes);
  switch (type) {
    case 'number':
    case 'integer':
      return limits.low > limits.high;
    case 'string':
      return limits.minLength > limits.maxLength;
    case 'array': {
      if (limits.minItems > limits.maxItems) return true;
      const first = limits.minItems > 0 ? schemasOfItem(view, 0) : [];
      return isEmpty(first, means, depth + 1);
    }
    case 'object': {
      if (limits.minProperties > limits.maxProperties) return true;
      return [...limits.required].some((name) =>
        isEmpty(schemasOfProperty(view, name, means), means, depth + 1),
      );
    }
    default:
      return false;
  }
}
