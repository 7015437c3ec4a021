import type { LogEvent } from 'kysely';
import { activeSpan } from './active-span.ts';

/** Makes each statement a piece of the active span: its text with placeholders, never a value. */
export function traceStatement({ query, queryDurationMillis, ...event }: LogEvent): void {
  const statement = activeSpan().child(verbOf(query.sql), {
    kind: 'client',
    attributes: { 'db.system.name': 'postgresql', 'db.query.text': query.sql },
    startedMsAgo: queryDurationMillis,
  });
  if (event.level === 'error') statement.fail(event.error);
  statement.end();
}

function verbOf(sql: string): string {
  return /^\s*(\w+)/.exec(sql)?.[1]?.toLowerCase() ?? 'statement';
}
