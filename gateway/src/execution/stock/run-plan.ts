import { buildOperationContext, executeQueryPlan, type ServiceMap } from '@apollo/gateway';
import type { PlanNode } from '@apollo/query-planner';
import type { ExecutionResult } from 'graphql';
import type { Operation } from '../operation.ts';

/** Runs a plan by the stock executor and shapes the answer to what the operation selects. */
export async function runPlan(
  node: PlanNode | undefined,
  operation: Operation,
  sources: ServiceMap,
): Promise<ExecutionResult> {
  const { graph, document, operationName, variables } = operation;
  return await executeQueryPlan(
    { kind: 'QueryPlan', ...(node !== undefined && { node }) },
    sources,
    requestOf(operation),
    buildOperationContext({
      schema: graph.schema,
      operationDocument: document,
      ...(operationName !== undefined && { operationName }),
    }),
    graph.supergraphSchema,
    graph.apiSchema,
  );

  function requestOf({ source }: Operation): StockRequest {
    // The executor reads these and nothing else of it (2.14.4); the rest of the type is a whole request of Apollo Server,
    // which an event of a subscription has none of.
    const request: Pick<StockRequest, 'request' | 'context' | 'metrics'> = {
      request: { query: source, variables: { ...variables } },
      context: {},
      metrics: {},
    };
    return request as StockRequest;
  }
}

type StockRequest = Parameters<typeof executeQueryPlan>[2];
