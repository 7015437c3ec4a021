import { createTracing, type Tracing } from '@spine/platform/tracing/create-tracing';

/** A span as it was recorded. */
export interface RecordedSpan {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly id: string;
  /** Undefined for the first of a trace. */
  readonly parent: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
}

type Exporter = NonNullable<Parameters<typeof createTracing>[0]['exporter']>;

/** Tracing for several services that keeps their spans in memory, in the order in which they ended. */
export function recordTraces(): {
  readonly tracing: (service: string) => Tracing;
  readonly spans: readonly RecordedSpan[];
} {
  const spans: RecordedSpan[] = [];
  return {
    spans,
    tracing(service) {
      const exporter: Exporter = {
        export(ended, done) {
          for (const span of ended) {
            const { traceId, spanId } = span.spanContext();
            const { name, attributes, parentSpanContext } = span;
            spans.push({ service, name, traceId, id: spanId, parent: parentSpanContext?.spanId, attributes });
          }
          done({ code: 0 });
        },
        shutdown: async () => undefined,
      };
      return createTracing({ service, url: null, exporter });
    },
  };
}
