import type { SpanExporter } from '@opentelemetry/sdk-trace-base';

/** What a service's traces are and where they go. */
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
