import type { Tracer } from './open-telemetry.ts';
import { noSpan, type RootOptions, type Span } from './span.ts';
import type { TracingOptions } from './tracing-options.ts';

/** The traces of one service. Off unless told where to send them. */
export interface Tracing {
  readonly on: boolean;
  /** Begins a trace, or takes part in the one of a W3C traceparent; what is none counts as absent. */
  start(name: string, options?: RootOptions): Span;
  /** Resolves when spans are recorded; before, they are not. */
  readonly ready: Promise<void>;
  /** Sends what is left; waits no longer than five seconds for it. */
  close(): Promise<void>;
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
