import { Problem } from '@spine/kernel/problem';
import type { Principal } from '@spine/platform/auth/principal';
import type { GraphQLError } from 'graphql';
import { maskErrors } from '../execution/mask-errors.ts';
import type { Operation } from '../execution/operation.ts';
import { isRefused } from '../execution/prepare-operation.ts';
import type { RequestContext } from '../execution/request-context.ts';
import { resolveVariables } from '../execution/resolve-variables.ts';
import type { GraphSource } from '../graph/graph-source.ts';
import { createStreamIterator, streamEnd } from '../links/stream-iterator.ts';
import type { Reader } from './channel.ts';
import { farewell } from './farewell.ts';
import type { Identity } from './identity.ts';
import { createSubscriptionPlanner, type SubscriptionPlan } from './plan-subscription.ts';
import { refusalEvent } from './refusal-event.ts';
import { defaultResumePolicy, type ResumePolicy } from './resuming-stream.ts';
import type { StreamEvent } from './stream-event.ts';
import { createSubscriptionHub, type SubscriptionHubDeps } from './subscription-hub.ts';

export interface SubscriberDeps extends Omit<SubscriptionHubDeps, 'policy'> {
  readonly policy?: ResumePolicy;
  /** Where the present graph comes from. */
  readonly graphs: Pick<GraphSource, 'current' | 'onSwap'>;
  /** Validates an operation again, by the present graph and rights. */
  readonly renew: (request: unknown, principal: Principal) => Operation | readonly GraphQLError[];
  /** Over how long a time subscriptions move to a new graph. */
  readonly swapSpreadMs: number;
  readonly onRenewed?: (reason: RenewalReason) => void;
  readonly onGap?: () => void;
}

export type RenewalReason = 'swap' | 'reauthorise';

export interface SubscribeOptions {
  /** Where the client left off, told beside its variables (SSE's Last-Event-ID). */
  readonly after?: string | null;
  /** Who listens, where that may change meanwhile. */
  readonly identity?: Identity;
}

/** A subscription as its transport reads it. */
export interface Subscription extends AsyncIterableIterator<StreamEvent, undefined, undefined> {
  /** What to tell a client that took nothing for too long, as the last event: where to go on. */
  farewell(): StreamEvent;
}

/** Opens a valid subscription. Its errors are fit for clients; one that is refused yields the errors and ends. */
export type Subscriber = (
  operation: Operation,
  context: RequestContext,
  options?: SubscribeOptions,
) => Subscription;

/**
 * Creates the subscriber. A subscription outlives the graph it was validated on and the rights it began with: when
 * either changes it is validated again, and goes on after its last event or ends with the reason.
 */
export function createSubscriber(deps: SubscriberDeps): Subscriber {
  const { log, graphs, renew, swapSpreadMs, onRenewed, onGap, policy = defaultResumePolicy } = deps;
  const hub = createSubscriptionHub({ ...deps, policy });
  const planOf = createSubscriptionPlanner();

  return (asked, context, { after = null, identity } = {}) => {
    let operation = asked;
    let reading: { readonly reader: Reader; readonly plan: SubscriptionPlan } | null = null;
    let cursor = after;
    let over = false;
    let due: RenewalReason | null = null;
    let timer: NodeJS.Timeout | undefined;
    const principal = (): Principal => identity?.principal() ?? context.principal;
    const refuse = (errors: readonly unknown[]): StreamEvent => {
      over = true;
      return refusalEvent(maskErrors(errors, context.requestId, log));
    };

    function open(): StreamEvent | null {
      const resolved = resolveVariables(operation.graph.schema, operation);
      if (isRefused(resolved)) return refuse(resolved);
      const plan = planOf(resolved);
      const reader = hub.join({
        plan,
        operation: resolved,
        context: { ...context, principal: principal() },
        after: cursor,
      });
      reading = { plan, reader };
      return null;
    }

    /** Leaves the stream when it is due and known where to go on; `next` then opens it anew. */
    function renewIfDue(): void {
      if (due === null || reading === null) return;
      const { plan, reader } = reading;
      if (plan.resume === null ? due === 'reauthorise' : reader.cursor() !== null) reader.close();
    }

    function reopen(reason: RenewalReason, { resume }: SubscriptionPlan): StreamEvent | null {
      reading = null;
      due = null;
      if (resume === null) return refuse([rightsChanged()]);
      const { source: query, operationName, variables } = operation;
      const renewed = renew({ query, operationName, variables }, principal());
      if (isRefused(renewed)) return refuse(renewed);
      onRenewed?.(reason);
      operation = renewed;
      return open();
    }

    async function next(): Promise<StreamEvent | typeof streamEnd> {
      if (over) return streamEnd;
      try {
        const refusal = reading === null ? open() : null;
        if (refusal !== null) return refusal;
        while (reading !== null) {
          const event = await reading.reader.next();
          if (event !== streamEnd) {
            cursor = event.cursor ?? cursor;
            over = event.kind === 'refusal';
            if (event.kind === 'gap') onGap?.();
            renewIfDue();
            return event;
          }
          if (due === null) return streamEnd;
          const refused = reopen(due, reading.plan);
          if (refused !== null) return refused;
        }
        return streamEnd;
      } catch (error) {
        return refuse([error]);
      }
    }

    const stopSwaps = graphs.onSwap(() => {
      clearTimeout(timer);
      // All subscriptions of a gateway hear of a swap at once, and should not all ask the subgraphs at once.
      timer = setTimeout(() => {
        due ??= 'swap';
        renewIfDue();
      }, Math.random() * swapSpreadMs);
    });
    const stopChanges = identity?.onChange(() => {
      due = 'reauthorise';
      renewIfDue();
    });

    const events = createStreamIterator(next, {
      signal: context.signal,
      onEnd: () => {
        over = true;
        clearTimeout(timer);
        stopSwaps();
        stopChanges?.();
        reading?.reader.close();
      },
    });
    return Object.assign(events, { farewell: () => farewell(operation, cursor, context.requestId) });
  };
}

function rightsChanged(): Problem {
  return new Problem('FORBIDDEN', 'your rights have changed, and this stream has no cursor to go on after', {
    fix: 'Subscribe again.',
  });
}
