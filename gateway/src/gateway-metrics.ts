import type { Metrics } from '@spine/platform/metrics/create-metrics';
import { createLinkMetrics, type LinkMetrics } from './observability/link-metrics.ts';
import { createRequestMetrics, type RequestMetrics } from './observability/request-metrics.ts';
import { createStreamMetrics, type StreamMetrics } from './observability/stream-metrics.ts';

/** What the gateway counts, as functions for those who do it. docs/observability.md lists every metric. */
export interface GatewayMetrics extends RequestMetrics, LinkMetrics, StreamMetrics {}

/** Registers the gateway's metrics. */
export function createGatewayMetrics(metrics: Metrics, supergraphDigest: string): GatewayMetrics {
  const requests = createRequestMetrics(metrics);
  requests.setSupergraph(supergraphDigest);
  return { ...requests, ...createLinkMetrics(metrics), ...createStreamMetrics(metrics) };
}
