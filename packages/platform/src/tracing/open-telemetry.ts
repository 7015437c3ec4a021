import {
  type Attributes,
  type Context,
  type Span as OtelSpan,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import type { RootOptions, Span, SpanOptions } from './span.ts';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';
import type { TracingOptions } from './tracing-options.ts';

/** What records spans. */
export interface Tracer {
  start(name: string, options?: RootOptions): Span;
  close(): Promise<void>;
}

const exportMs = 5_000;

/**
 * Records spans by OpenTelemetry's SDK and sends them in batches. Loaded only where tracing is on. Nothing of it is
 * global: services that share a process have traces under their own names.
 */
export function createTracer({ service, url, ratio = 1, exporter }: TracingOptions): Tracer {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      // The queue is bounded: spans beyond it are dropped, work goes on.
      new BatchSpanProcessor(
        exporter ??
          new OTLPTraceExporter({
            url: new URL('v1/traces', `${url}`.replace(/\/?$/, '/')).href,
            timeoutMillis: exportMs,
          }),
        { maxQueueSize: 4096, scheduledDelayMillis: 1_000, exportTimeoutMillis: exportMs },
      ),
    ],
  });
  const tracer = provider.getTracer('spine');
  return {
    start(name, { parent, ...options } = {}) {
      const remote = parseTraceparent(parent);
      const context = remote === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, remote);
      return startSpan(tracer, name, options, context);
    },
    async close() {
      // A receiver that is away must not hold the process.
      await Promise.race([
        provider.shutdown().catch(() => undefined),
        new Promise<void>((resolve) => setTimeout(resolve, exportMs).unref()),
      ]);
    },
  };
}

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;

function startSpan(
  tracer: OtelTracer,
  name: string,
  { kind, attributes, startedMsAgo }: SpanOptions,
  parent: Context,
): Span {
  const span: OtelSpan = tracer.startSpan(
    name,
    {
      kind: kind === undefined ? SpanKind.INTERNAL : kinds[kind],
      ...(startedMsAgo !== undefined && {
        startTime: performance.timeOrigin + performance.now() - startedMsAgo,
      }),
      ...(attributes !== undefined && { attributes: { ...attributes } satisfies Attributes }),
    },
    parent,
  );
  return {
    traceparent: formatTraceparent(span.spanContext()),
    child: (childName, options = {}) =>
      startSpan(tracer, childName, options, trace.setSpan(ROOT_CONTEXT, span)),
    set: (more) => void span.setAttributes({ ...more }),
    rename: (to) => void span.updateName(to),
    fail(error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute('error.type', kindOf(error));
    },
    end: () => span.end(),
  };
}

function kindOf(error: unknown): string {
  if (typeof error === 'string') return error;
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
