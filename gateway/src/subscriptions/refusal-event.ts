import type { GraphQLError } from 'graphql';
import type { StreamEvent } from './stream-event.ts';

/** The last event of a stream that ends with errors, which are fit for clients. */
export function refusalEvent(errors: readonly GraphQLError[]): StreamEvent {
  return { text: JSON.stringify({ errors }), cursor: null, kind: 'refusal' };
}
