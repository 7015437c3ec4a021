import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Tracer } from './open-telemetry.ts';
import { noSpan, type Span, type SpanOptions } from './span.ts';

/** The traces of one service. Off unless told where to send them. */
export interface Tracing {
  readonly on: boolean;
  /** Begins a trace, or takes part in the one of a W3C traceparent; what is none counts as absent. */
  start(name: string, options?: SpanOptions & { readonly parent?: string | null | undefined }): Span;
  /** Resolves when spans are recorded; before, they are not. */
  readonly ready: Promise<void>;
  /** Sends what is left; waits no longer than five seconds for it. */
  close(): Promise<void>;
}

export interface TracingOptions {
  /** The service's name. */
  readonly service: string;
  /** Base URL of an OTLP/HTTP receiver, which takes traces at /v1/traces; null: tracing is off. */
  readonly url: string | null;
  /** Share of the traces begun here that are recorded, 0 to 1; one that comes from elsewhere is decided there. */
  readonly ratio?: number;
  /** In place of the URL's receiver. */
  readonly exporter?: SpanExporter;
}

/** Tracing that is off: no SDK is loaded, a span costs a function call. */
export const noTracing: Tracing = {
  on: false,
  start: () => noSpan,
  ready: Promise.resolve(),
  close: async () => undefined,
};

/** Creates the tracing of a service. */
export function createTracing(options: TracingOptions): Tracing {
  if (options.url === null && options.exporter === undefined) return noTracing;
  let tracer: Tracer | null = null;
  const loading = import('./open-telemetry.ts').then(({ createTracer }) => {
    tracer = createTracer(options);
  });
  return {
    on: true,
    start: (name, started) => tracer?.start(name, started) ?? noSpan,
    ready: loading,
    async close() {
      await loading;
      await tracer?.close();
    },
  };
}
