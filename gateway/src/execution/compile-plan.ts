import type { PlanNode } from '@apollo/query-planner';
import { Problem } from '@spine/kernel/problem';
import { apart, runsApart } from './apart.ts';
import { compileFetch } from './compile-fetch.ts';
import { objectsAt } from './flatten.ts';
import type { PlanRun, Step } from './plan-run.ts';
import type { PlanSite } from './plan-site.ts';
import type { Tree } from './tree.ts';

/** Compiles a plan once into functions that run it many times. A node of another kind is refused, never passed over. */
export function compilePlan(node: PlanNode, site: PlanSite, path: readonly string[] = []): Step {
  switch (node.kind) {
    case 'Fetch':
      return compileFetch(node, site, path).ask;
    case 'Sequence':
      return sequence(node.nodes.map((child) => compilePlan(child, site, path)));
    case 'Parallel': {
      const steps = node.nodes.map((child) => compilePlan(child, site, path));
      return runsApart(node) ? apart(steps) : parallel(steps);
    }
    case 'Flatten': {
      const steps = node.path.map(parsePathStep);
      return flatten(steps, compilePlan(node.node, site, [...path, ...steps]));
    }
    case 'Condition': {
      const { condition, ifClause, elseClause } = node;
      const positive = ifClause === undefined ? null : compilePlan(ifClause, site, path);
      const negative = elseClause === undefined ? null : compilePlan(elseClause, site, path);
      const variable = site.names.variable(condition);
      // Checked to be a Boolean before anything runs.
      return (run, objects) => (run.variables[variable] === true ? positive : negative)?.(run, objects);
    }
    default:
      throw new Problem('NOT_SUPPORTED', `the gateway does not run plans with ${node.kind}`);
  }
}

function sequence(steps: readonly Step[]): Step {
  return async (run: PlanRun, objects: readonly Tree[]) => {
    for (const step of steps) {
      const pending = step(run, objects);
      if (pending !== undefined) await pending;
    }
  };
}

function parallel(steps: readonly Step[]): Step {
  return async (run: PlanRun, objects: readonly Tree[]) => {
    await Promise.all(steps.map((step) => step(run, objects)));
  };
}

function flatten(path: readonly string[], step: Step): Step {
  return (run, objects) => {
    const found = objectsAt(objects, path);
    return found.length === 0 ? undefined : step(run, found);
  };
}

/** Paths may also hold an index, or types behind a `|`; the planner writes neither as it is set up here. */
function parsePathStep(step: string | number): string {
  if (typeof step === 'number' || step.includes('|')) {
    throw new Problem('NOT_SUPPORTED', `the gateway does not run plans with the path element ${step}`);
  }
  return step;
}
