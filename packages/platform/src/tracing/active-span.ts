import { AsyncLocalStorage } from 'node:async_hooks';
import { noSpan, type Span, type SpanOptions } from './span.ts';

// Node switches its hooks on promises on at the first `run`: without tracing there is none, and no cost.
const active = new AsyncLocalStorage<Span>();

/** The span of the work that is going on, across `await`; `noSpan` outside of any. */
export function activeSpan(): Span {
  return active.getStore() ?? noSpan;
}

/** Does work as part of a span: what it starts by `inSpan`, calls of other services included, becomes its child. */
export function withSpan<T>(span: Span, work: () => T): T {
  return span === noSpan ? work() : active.run(span, work);
}

/** Does a named piece of the active span's work; outside of any span it just does it. */
export async function inSpan<T>(name: string, work: () => Promise<T>, options: SpanOptions = {}): Promise<T> {
  return await endingWith(activeSpan().child(name, options), work);
}

/** Does work as part of a span and ends it, with the failure if there was one. */
export async function endingWith<T>(span: Span, work: () => Promise<T>): Promise<T> {
  if (span === noSpan) return await work();
  try {
    return await withSpan(span, work);
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.end();
  }
}
