/** What a span says of itself: names of OpenTelemetry's semantic conventions where one fits; never a value of data. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** One timed piece of work in a trace. Without tracing every span is `noSpan`, and all of this does nothing. */
export interface Span {
  /** The W3C traceparent that makes another process's spans children of this one; null without tracing. */
  readonly traceparent: string | null;
  /** Begins a piece of this work. */
  child(name: string, options?: SpanOptions): Span;
  set(attributes: Attributes): void;
  rename(name: string): void;
  /** Says that the work failed; by its kind alone, as messages may hold values. */
  fail(error: unknown): void;
  end(): void;
}

export interface SpanOptions {
  /** On which end of a call to another process the work is; neither by default. */
  readonly kind?: 'server' | 'client';
  readonly attributes?: Attributes;
  /** For work that is over already: how long ago it began. */
  readonly startedMsAgo?: number;
}

export interface RootOptions extends SpanOptions {
  /** The W3C traceparent of whoever asked for the work. */
  readonly parent?: string | null | undefined;
}

/** The span of work that nobody traces. */
export const noSpan: Span = {
  traceparent: null,
  child: () => noSpan,
  set: () => undefined,
  rename: () => undefined,
  fail: () => undefined,
  end: () => undefined,
};
