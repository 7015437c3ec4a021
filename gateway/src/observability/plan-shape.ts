import type { PlanNode, QueryPlan, SubscriptionNode } from '@apollo/query-planner';

const longest = 2_000;

/** How a plan asks subgraphs, in one line and without a word of the operation: `lineage, then (registry | cdc)`. */
export function planShape({ node }: QueryPlan): string {
  if (node === undefined) return 'nothing to fetch';
  const shape = shapeOf(node);
  return shape.length > longest ? `${shape.slice(0, longest)}…` : shape;
}

function shapeOf(node: PlanNode | SubscriptionNode): string {
  switch (node.kind) {
    case 'Fetch':
      return node.serviceName;
    case 'Flatten':
      return shapeOf(node.node);
    case 'Sequence':
      return node.nodes.map(shapeOf).join(', then ');
    case 'Parallel':
      return `(${node.nodes.map(shapeOf).join(' | ')})`;
    case 'Condition':
      return `[${[node.ifClause, node.elseClause].flatMap((clause) => (clause === undefined ? [] : [shapeOf(clause)])).join(' or ')}]`;
    case 'Subscription':
      return [node.primary, ...(node.rest === undefined ? [] : [node.rest])].map(shapeOf).join(', then ');
    default:
      return node.kind.toLowerCase();
  }
}
