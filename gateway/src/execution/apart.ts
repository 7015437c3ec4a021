import type { ParallelNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { mergeTree } from './merge-tree.ts';
import type { Step } from './plan-run.ts';
import type { Tree } from './tree.ts';

// The planner's nodes are its own: which of them we made is kept beside them.
const madeHere = new WeakSet<PlanNode>();

/** One plan of several that must not see what the others gather. */
export function joinPlans(plans: readonly QueryPlan[]): QueryPlan {
  const [first] = plans;
  if (plans.length === 1 && first !== undefined) return first;
  const nodes = plans.flatMap(({ node }) =>
    node === undefined || node.kind === 'Subscription' ? [] : [node],
  );
  const node: ParallelNode = { kind: 'Parallel', nodes };
  madeHere.add(node);
  return { kind: 'QueryPlan', node };
}

/** Whether the parts of this node must not see what the others gather. */
export function runsApart(node: PlanNode): boolean {
  return madeHere.has(node);
}

/** Runs each step on a tree of its own, then brings these together. */
export function apart(steps: readonly Step[]): Step {
  return async (run) => {
    const roots = await Promise.all(
      steps.map(async (step) => {
        const root: Tree = {};
        await step({ ...run, root }, [root]);
        return root;
      }),
    );
    for (const root of roots) mergeTree(run.root, root);
  };
}
