import { createHash } from 'node:crypto';
import { operationFromDocument, type Schema, Supergraph } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { Problem } from '@spine/kernel/problem';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { stripAuthorization } from '../authorization/strip-authorization.ts';

/** One composed supergraph, ready to validate operations against and to plan them. */
export interface Graph {
  readonly sdl: string;
  /** sha256 of the supergraph's text: names it in logs and metrics. */
  readonly digest: string;
  /** What clients see; operations are validated against it. */
  readonly schema: GraphQLSchema;
  /** The same as the planner's own model. */
  readonly apiSchema: Schema;
  /** With the join directives: what says which subgraph answers what. */
  readonly supergraphSchema: GraphQLSchema;
  /** Names of the subgraphs that it needs. */
  readonly subgraphs: readonly string[];
  /** Plans a valid operation; the first plan of an operation costs milliseconds, so callers keep it. */
  plan(document: DocumentNode, operationName: string | undefined): QueryPlan;
}

/**
 * Reads a supergraph. Refuses text that is none, and any with a feature that nobody here enforces: ignoring one would serve
 * what it guards. The authorisation directives that the gateway enforces are taken out before the planner sees them.
 */
export function createGraph(supergraphSdl: string): Graph {
  const supergraph = parseSupergraph(stripAuthorization(supergraphSdl));
  const apiSchema = supergraph.apiSchema();
  const planner = new QueryPlanner(supergraph, {
    exposeDocumentNodeInFetchNode: true,
    debug: { maxEvaluatedPlans: 1000, pathsLimit: 10_000 },
  });
  return {
    sdl: supergraphSdl,
    digest: createHash('sha256').update(supergraphSdl).digest('hex'),
    schema: apiSchema.toGraphQLJSSchema(),
    apiSchema,
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
    subgraphs: supergraph.subgraphsMetadata().map(({ name }) => name),
    plan(document, operationName) {
      const operation = operationFromDocument(
        apiSchema,
        document,
        operationName === undefined ? {} : { operationName },
      );
      return planner.buildQueryPlan(operation);
    },
  };
}

function parseSupergraph(sdl: string): Supergraph {
  try {
    return Supergraph.build(sdl);
  } catch (cause) {
    throw new Problem('SCHEMA_INVALID', 'the supergraph cannot be read', {
      fix: 'compose it again: npm run schema',
      cause,
    });
  }
}
