import { isRecord } from '../links/is-record.ts';

/**
 * The Authorization that the payload of `connection_init` carries: browsers cannot set headers on a WebSocket. Taken from
 * `authorization` or `headers.authorization`, in any case; undefined when there is none.
 */
export function connectionAuthorization(payload: unknown): string | undefined {
  const found = member(payload, 'authorization') ?? member(member(payload, 'headers'), 'authorization');
  return typeof found === 'string' ? found : undefined;
}

function member(value: unknown, name: string): unknown {
  if (!isRecord(value)) return undefined;
  return Object.entries(value).find(([key]) => key.toLowerCase() === name)?.[1];
}
