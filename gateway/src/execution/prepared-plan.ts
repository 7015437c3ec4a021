import type { FetchNode, PlanNode, QueryPlan } from '@apollo/query-planner';
import { compileFetch } from './compile-fetch.ts';
import { compilePlan } from './compile-plan.ts';
import type { CompiledFetch } from './compiled-fetch.ts';
import type { Operation } from './operation.ts';
import { planDocument } from './plan-document.ts';
import { type PlanNames, sameNames } from './plan-names.ts';
import type { Step } from './plan-run.ts';
import { createOperationShapes, type OperationShape } from './shape/shape-operation.ts';

/** A plan made ready to run many times. */
export interface PreparedPlan {
  /** Of a subscription: takes an event for the answer to the plan's first fetch. */
  readonly receive: CompiledFetch['receive'] | null;
  /** Gathers what the subgraphs know; null for an operation that asks them nothing. */
  readonly gather: Step | null;
  readonly names: PlanNames;
  shapeFor(variables: Readonly<Record<string, unknown>>): OperationShape;
}

/** What a subscription's plan is to us. */
export interface EventPlan {
  readonly primary: FetchNode;
  readonly rest: PlanNode | undefined;
}

// Kept as long as the plan is: the plan store bounds both.
const prepared = new WeakMap<QueryPlan | EventPlan, PreparedPlan>();

/** Compiles a plan with the shapes of its operation's answer, once. Throws for a plan that we do not run. */
export function preparePlan(plan: QueryPlan, operation: Operation): PreparedPlan {
  return prepared.get(plan) ?? keep(plan, makePlan(plan, operation));
}

/** The same for the plan of a subscription's events. */
export function prepareEventPlan(plan: EventPlan, operation: Operation): PreparedPlan {
  return prepared.get(plan) ?? keep(plan, makeEventPlan(plan, operation));
}

function keep(plan: QueryPlan | EventPlan, made: PreparedPlan): PreparedPlan {
  prepared.set(plan, made);
  return made;
}

function makePlan({ node }: QueryPlan, operation: Operation): PreparedPlan {
  const { names } = planDocument(operation);
  const site = { schema: operation.graph.supergraphSchema, names };
  if (node?.kind === 'Subscription') {
    throw new Error('a subscription is not executed, it is subscribed to');
  }
  return {
    receive: null,
    gather: node === undefined ? null : compilePlan(node, site),
    names,
    shapeFor: createOperationShapes(operation, names),
  };
}

function makeEventPlan({ primary, rest }: EventPlan, operation: Operation): PreparedPlan {
  const site = { schema: operation.graph.supergraphSchema, names: sameNames };
  return {
    receive: compileFetch(primary, site, []).receive,
    gather: rest === undefined ? null : compilePlan(rest, site),
    names: sameNames,
    shapeFor: createOperationShapes(operation, sameNames),
  };
}
