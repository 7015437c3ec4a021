import { createLru } from '@spine/platform/lru';
import {
  type DocumentNode,
  GraphQLError,
  getOperationAST,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import type { Graph } from '../graph/create-graph.ts';
import type { GraphSource } from '../graph/graph-source.ts';
import { perGraph } from '../graph/per-graph.ts';
import { isRecord } from '../links/is-record.ts';
import type { Operation } from './operation.ts';

/** Turns what a client sent over a socket or an event stream into an operation, or says what is wrong with it. */
export type PrepareOperation = (request: unknown) => Operation | readonly GraphQLError[];

export interface PrepareOptions {
  readonly graphs: Pick<GraphSource, 'current'>;
  /** Rules besides those of the specification. */
  readonly rules: readonly ValidationRule[];
  readonly maxTokens: number;
}

const documentsKept = 500;

/** Creates the door of the transports that do not go through Apollo Server: the same parser, rules and limits. */
export function createPrepareOperation({ graphs, rules, maxTokens }: PrepareOptions): PrepareOperation {
  const validOn = perGraph(() => createLru<string, DocumentNode>(documentsKept));

  function read(graph: Graph, source: string): DocumentNode | readonly GraphQLError[] {
    const valid = validOn(graph);
    const known = valid.get(source);
    if (known !== undefined) return known;
    try {
      const document = parse(source, { maxTokens });
      const errors = validate(graph.schema, document, [...specifiedRules, ...rules]);
      if (errors.length > 0) return errors.map((error) => coded(error, 'GRAPHQL_VALIDATION_FAILED'));
      valid.set(source, document);
      return document;
    } catch (error) {
      if (error instanceof GraphQLError) return [coded(error, 'GRAPHQL_PARSE_FAILED')];
      // A text that nests too deep for the parser's or a rule's recursion.
      if (error instanceof RangeError)
        return [refusal('the operation nests too deep', 'OPERATION_TOO_LARGE')];
      throw error;
    }
  }

  return (request) => {
    if (!isRecord(request)) return [refusal('the request is not an object', 'BAD_REQUEST')];
    const { query, variables, operationName } = request;
    if (typeof query !== 'string') return [refusal('the request has no query', 'BAD_REQUEST')];
    if (variables != null && !isRecord(variables)) return [refusal('variables are an object', 'BAD_REQUEST')];
    if (operationName != null && typeof operationName !== 'string') {
      return [refusal('operationName is a string', 'BAD_REQUEST')];
    }
    const graph = graphs.current();
    const document = read(graph, query);
    if (!('kind' in document)) return document;
    const definition = getOperationAST(document, operationName);
    if (definition == null) {
      return [refusal('operationName does not tell which operation to run', 'OPERATION_RESOLUTION_FAILURE')];
    }
    return {
      graph,
      source: query,
      document,
      definition,
      operationName: operationName ?? undefined,
      variables: variables ?? {},
    };
  };
}

/** Whether preparing failed. */
export function isRefused(
  prepared: Operation | readonly GraphQLError[],
): prepared is readonly GraphQLError[] {
  return Array.isArray(prepared);
}

function coded(error: GraphQLError, code: string): GraphQLError {
  const { nodes, source, positions, extensions } = error;
  return new GraphQLError(error.message, {
    ...(nodes !== undefined && { nodes }),
    ...(source !== undefined && { source }),
    ...(positions !== undefined && { positions }),
    extensions: { code, ...extensions },
  });
}

function refusal(message: string, code: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
}
