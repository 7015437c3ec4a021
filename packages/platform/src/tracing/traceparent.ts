import type { SpanContext } from '@opentelemetry/api';

const shape = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const version0 = /^00-[0-9a-f-]{52}$/;

/** Reads a traceparent (W3C Trace Context, level 2); null for anything else. */
export function parseTraceparent(text: unknown): (SpanContext & { readonly isRemote: true }) | null {
  if (typeof text !== 'string' || (text.startsWith('00') && !version0.test(text))) return null;
  const [, traceId, spanId, flags] = shape.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return null;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
}

/** Writes one, for a call to another process. */
export function formatTraceparent({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags & 1 ? '01' : '00'}`;
}
