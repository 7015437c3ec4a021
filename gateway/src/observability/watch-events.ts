import type { Tracing } from '@spine/platform/tracing/create-tracing';
import type { RequestContext } from '../execution/request-context.ts';
import type { RequestWatch } from './request-watch.ts';
import type { WatchRequest } from './watch-requests.ts';

/** Follows the completion of one event of a subscription: its fetches are counted, and it is a span of its own. */
export type WatchEvent = (context: Pick<RequestContext, 'requestId' | 'traceparent'>) => {
  readonly watch: RequestWatch;
  readonly ended: () => void;
};

/** Creates what follows events. A subscription may last for days: each event is a span, not all of them one. */
export function createWatchEvent(watchRequest: WatchRequest, tracing: Tracing): WatchEvent {
  return ({ requestId, traceparent }) => {
    const span = tracing.start('subscription', {
      kind: 'server',
      parent: traceparent,
      attributes: { 'graphql.operation.type': 'subscription' },
    });
    return { watch: watchRequest({ requestId, span, traceparent }), ended: () => span.end() };
  };
}
