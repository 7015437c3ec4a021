import { createHash } from 'node:crypto';
import type { QueryPlan } from '@apollo/query-planner';
import type { Log } from '@spine/platform/log/create-log';
import { noSpan, type Span } from '@spine/platform/tracing/span';
import type { Operation } from '../execution/operation.ts';
import { planShape } from './plan-shape.ts';
import type { RequestMetrics } from './request-metrics.ts';
import type { FetchWatch, RequestWatch } from './request-watch.ts';

/** The watch of one request for whoever opened it, and closes it. */
export interface OpenWatch extends RequestWatch {
  /** Told that the request is over: counts, and logs what was slow. */
  close(totalMs?: number): void;
}

export interface WatchDeps {
  readonly metrics: Pick<RequestMetrics, 'observeOverhead' | 'countPlanHit' | 'observePlan' | 'observeFetch'>;
  readonly log: Pick<Log, 'warn'>;
  /** A request that takes longer is logged; null: none is. */
  readonly slowMs: number | null;
  /** Whether spans hold the text of operations, which may have values in it. */
  readonly documents: boolean;
}

export interface WatchedRequest {
  readonly requestId: string;
  /** The root of the request's work. */
  readonly span: Span;
  /** What the client sent: handed on where we record nothing ourselves. */
  readonly traceparent?: string | undefined;
}

const mostFetches = 50;
const nothing = (): void => undefined;

/** Opens the watch of a request. */
export type WatchRequest = (request: WatchedRequest) => OpenWatch;

/** Creates what follows requests. */
export function createWatchRequest({ metrics, log, slowMs, documents }: WatchDeps): WatchRequest {
  return ({ requestId, span, traceparent }) => {
    const startedAt = performance.now();
    const fetches: { subgraph: string; ms: number; outcome: string }[] = [];
    let operation: Operation | null = null;
    let plan: QueryPlan | null = null;
    let request = noSpan;
    let executing = noSpan;
    // Fetches overlap: waiting is the time in which there was at least one.
    let waiting = 0;
    let waitingSince = 0;
    let waitedMs = 0;

    const parent = (): Span => (request === noSpan ? span : request);

    function tellSlow(ms: number): void {
      const name = operation?.operationName ?? operation?.definition.name?.value ?? null;
      log.warn({
        event: 'request.slow',
        requestId,
        operation: name,
        kind: operation?.definition.operation ?? null,
        hash: operation === null ? null : createHash('sha256').update(operation.source).digest('hex'),
        ms: Math.round(ms),
        waitedMs: Math.round(waitedMs),
        fetches: fetches.map((fetch) => ({ ...fetch, ms: Math.round(fetch.ms) })),
        plan: plan === null ? null : planShape(plan),
      });
    }

    return {
      get plan() {
        return plan;
      },
      begin(begun) {
        operation = begun;
        if (span === noSpan) return;
        const { operation: kind, name } = begun.definition;
        // The name of an operation is the client's to choose: as a span's name it would be a series each.
        span.rename(kind);
        span.set({
          'graphql.operation.type': kind,
          ...(name !== undefined && { 'graphql.operation.name': name.value }),
          ...(documents && { 'graphql.document': begun.source }),
        });
        request = span.child('gateway.request');
      },
      phase(name) {
        if (span === noSpan) return nothing;
        const phase = parent().child(`gateway.${name}`);
        if (name === 'execute') executing = phase;
        return () => phase.end();
      },
      planned(found, madeInMs) {
        if (madeInMs === null) metrics.countPlanHit();
        else metrics.observePlan(madeInMs / 1000);
        plan = found;
      },
      fetch(subgraph): FetchWatch {
        const fetchStartedAt = performance.now();
        const fetch = (executing === noSpan ? parent() : executing).child('gateway.fetch', {
          kind: 'client',
          attributes: { service: subgraph },
        });
        if (waiting === 0) waitingSince = fetchStartedAt;
        waiting += 1;
        return {
          traceparent: fetch.traceparent ?? traceparent,
          ended(outcome) {
            const now = performance.now();
            waiting -= 1;
            if (waiting === 0) waitedMs += now - waitingSince;
            const ms = now - fetchStartedAt;
            metrics.observeFetch(subgraph, outcome, ms / 1000);
            if (fetches.length < mostFetches) fetches.push({ subgraph, ms, outcome });
            if (outcome !== 'ok') fetch.fail(outcome);
            fetch.end();
          },
        };
      },
      finish(failed) {
        if (failed !== undefined) request.fail(failed);
        request.end();
      },
      close(totalMs = performance.now() - startedAt) {
        // The client left, or its time was over, while answers were still to come.
        if (waiting > 0) waitedMs += performance.now() - waitingSince;
        metrics.observeOverhead(Math.max(0, totalMs - waitedMs) / 1000);
        if (slowMs !== null && totalMs >= slowMs) tellSlow(totalMs);
      },
    };
  };
}
