import { type ExecutionResult, executeSync, GraphQLError, Kind } from 'graphql';
import type { Operation } from '../execution/operation.ts';
import { refusalEvent } from './refusal-event.ts';
import type { StreamEvent } from './stream-event.ts';

/**
 * The last event for a client that took nothing for too long: a StreamGap where its stream has them, else an error. It
 * has missed nothing yet (`missed: 0`) and goes on after the cursor, if it can take more by then.
 */
export function farewell(operation: Operation, cursor: string | null, requestId: string): StreamEvent {
  const gap = cursor === null ? null : gapFor(operation, cursor);
  if (gap !== null) return { text: JSON.stringify(gap), cursor, kind: 'gap' };
  const error = new GraphQLError('the client took nothing for too long', {
    extensions: { code: 'SLOW_CONSUMER', requestId, cursor, fix: 'Subscribe again, after the last cursor.' },
  });
  return refusalEvent([error]);
}

/** What the client selects of the gap: its own document, answered by one value. */
function gapFor(operation: Operation, cursor: string): ExecutionResult | null {
  const { graph, document, definition, operationName, variables } = operation;
  const [field] = definition.selectionSet.selections;
  if (field?.kind !== Kind.FIELD || graph.schema.getType('StreamGap') === undefined) return null;
  const gap = { __typename: 'StreamGap', cursor, fromCursor: cursor, missed: 0, reason: 'SLOW_CONSUMER' };
  const result = executeSync({
    schema: graph.schema,
    document,
    operationName: operationName ?? null,
    variableValues: variables,
    rootValue: { [field.name.value]: gap },
  });
  return result.errors === undefined ? result : null;
}
