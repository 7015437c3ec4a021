import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import type { Graph } from '../graph/create-graph.ts';

/** A valid operation of the graph with what a client gave for it. */
export interface Operation {
  /** The graph that it was validated against, and runs on. */
  readonly graph: Graph;
  /** The text, as the client sent it: the key of caches. */
  readonly source: string;
  readonly document: DocumentNode;
  readonly definition: OperationDefinitionNode;
  /** Name of the operation, when the document holds more than one. */
  readonly operationName: string | undefined;
  /** As given; checked against the schema, not coerced: subgraphs coerce. */
  readonly variables: Readonly<Record<string, unknown>>;
}
