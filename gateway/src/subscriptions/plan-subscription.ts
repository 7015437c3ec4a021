import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { Problem } from '@spine/kernel/problem';
import { createLru } from '@spine/platform/lru';
import { type DocumentNode, getNamedType, parse, visit } from 'graphql';
import type { Operation } from '../execution/operation.ts';
import type { Graph } from '../graph/create-graph.ts';
import { perGraph } from '../graph/per-graph.ts';
import { type ResumeOperation, resumeOperation } from './resume-operation.ts';
import { withCursorField } from './with-cursor-field.ts';

/** How a subscription is answered: one subgraph streams, the others complete each event. */
export interface SubscriptionPlan {
  readonly primary: FetchNode;
  /** What completes an event, run for each; absent when the primary alone answers. */
  readonly rest: PlanNode | undefined;
  /** How to begin after a cursor; null for a stream that has none. */
  readonly resume: ResumeOperation | null;
  /** The variable that tells where the client begins, and nothing else. */
  readonly cursorVariable: string | null;
}

/** Plans subscriptions and keeps the last plans. Throws NOT_SUPPORTED for what the planner has no single stream for. */
export function createSubscriptionPlanner(limit = 200): (operation: Operation) => SubscriptionPlan {
  const plansOf = perGraph(() => createLru<string, SubscriptionPlan>(limit));
  return (operation) => {
    const plans = plansOf(operation.graph);
    const key = `${operation.operationName ?? ''}\n${operation.source}`;
    const known = plans.get(key);
    if (known !== undefined) return known;
    const plan = planSubscription(operation);
    plans.set(key, plan);
    return plan;
  };
}

function planSubscription({ graph, document, operationName }: Operation): SubscriptionPlan {
  const { node } = graph.plan(withCursorField(graph.schema, document), operationName);
  if (node?.kind !== 'Subscription') {
    throw new Problem('NOT_SUPPORTED', 'this subscription has no stream of its own', {
      fix: 'Select one root field, without @skip or @include on it.',
    });
  }
  const { primary, rest } = node;
  const text = primary.operationDocumentNode ?? parse(primary.operation);
  const after = afterTypeOf(graph, text);
  const resume = after === null ? null : resumeOperation(text, after);
  const variable = resume?.cursorVariable ?? null;
  const cursorVariable = variable !== null && countUses(document, variable) === 1 ? variable : null;
  return { primary, rest, resume, cursorVariable };
}

function countUses(document: DocumentNode, variable: string): number {
  let uses = 0;
  visit(document, {
    VariableDefinition: () => false,
    Variable({ name }) {
      if (name.value === variable) uses += 1;
    },
  });
  return uses;
}

/** The type of the root field's argument `after`, if the field has one and its items have a cursor. */
function afterTypeOf({ schema }: Graph, document: ReturnType<typeof parse>): string | null {
  const [definition] = document.definitions;
  const selection =
    definition?.kind === 'OperationDefinition' ? definition.selectionSet.selections[0] : undefined;
  if (selection?.kind !== 'Field') return null;
  const field = schema.getSubscriptionType()?.getFields()[selection.name.value];
  const item = getNamedType(field?.type);
  if (field === undefined || item === undefined || !('getFields' in item) || !('cursor' in item.getFields()))
    return null;
  const after = field.args.find(({ name }) => name === 'after');
  return after === undefined ? null : getNamedType(after.type).name;
}
