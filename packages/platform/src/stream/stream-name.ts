import { invariant } from '@spine/kernel/invariant';

/** The notification channel of a stream, which the stream's SQL functions compute alike. */
export function streamChannel(schema: string, stream: string): string {
  assertStreamName(stream);
  return `${schema}.stream.${stream}`;
}

/** Holds a stream name to what fits a channel name (63 bytes with schema and infix) and a cursor. */
export function assertStreamName(stream: string): void {
  invariant(/^[a-zA-Z][a-zA-Z0-9]{0,23}$/.test(stream), `stream name ${JSON.stringify(stream)} is not plain`);
}
