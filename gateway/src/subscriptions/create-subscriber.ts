import { invariant } from '@spine/kernel/invariant';
import { Problem } from '@spine/kernel/problem';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { ExecutorDeps } from '../execution/create-executor.ts';
import { maskErrors } from '../execution/mask-errors.ts';
import type { Operation } from '../execution/operation.ts';
import { isRefused } from '../execution/prepare-operation.ts';
import type { RequestContext } from '../execution/request-context.ts';
import { resolveVariables } from '../execution/resolve-variables.ts';
import { createStreamIterator, streamEnd } from '../links/stream-iterator.ts';
import type { SubgraphResult } from '../links/subgraph-link.ts';
import { SubgraphLost } from '../links/subgraph-lost.ts';
import { completeEvent } from './complete-event.ts';
import { cursorOfEvent } from './cursor-of-event.ts';
import { createSubscriptionPlanner, type SubscriptionPlan } from './plan-subscription.ts';
import { createResumingStream, defaultResumePolicy, type ResumePolicy } from './resuming-stream.ts';

/** One event as the client gets it, and the cursor to resume after it. */
export interface SubscriptionEvent {
  readonly result: ExecutionResult;
  readonly cursor: string | null;
}

export interface SubscriberDeps extends ExecutorDeps {
  readonly policy?: ResumePolicy;
  /** Told of each break of a stream. */
  readonly onLost?: (subgraph: string) => void;
}

export interface SubscribeOptions {
  /** Where the client left off, told beside its variables (SSE's Last-Event-ID). */
  readonly after?: string | null;
}

/** Opens a valid subscription. Its errors are fit for clients; one that is refused yields the errors and ends. */
export type Subscriber = (
  operation: Operation,
  context: RequestContext,
  options?: SubscribeOptions,
) => AsyncIterableIterator<SubscriptionEvent>;

/**
 * Creates the subscriber. The subgraph that owns the root field streams; each of its events is completed by
 * the rest of the plan before the next is taken, so order is kept and a slow client holds the stream back.
 */
export function createSubscriber(deps: SubscriberDeps): Subscriber {
  const { log } = deps;
  const planOf = createSubscriptionPlanner();

  return (asked, context, { after = null } = {}) => {
    let opened: OpenStream | undefined;
    let over = false;

    const refuse = (errors: readonly unknown[]): SubscriptionEvent => {
      over = true;
      return { result: { errors: maskErrors(errors, context.requestId, log) }, cursor: null };
    };

    async function next(): Promise<SubscriptionEvent | typeof streamEnd> {
      if (over) return streamEnd;
      try {
        if (opened === undefined) {
          const operation = resolveVariables(asked.graph.schema, asked);
          if (isRefused(operation)) return refuse(operation);
          const plan = planOf(operation);
          opened = { operation, plan, events: openStream(deps, plan, operation, context, after) };
        }
        const { operation, plan, events } = opened;
        const { done, value: event } = await events.next();
        if (done) return streamEnd;
        if (event.data === undefined) return refuse(refusalsOf(event, plan.primary.serviceName));
        // Completing merges into the event: its cursor is read before.
        const cursor = cursorOfEvent(event);
        return { result: await completeEvent(deps, plan, operation, context, event), cursor };
      } catch (error) {
        if (!(error instanceof SubgraphLost)) return refuse([error]);
        const { subgraph } = error;
        return refuse([
          new Problem(
            'SERVICE_UNAVAILABLE',
            `the stream of the ${subgraph} service broke and did not come back`,
            {
              fix: 'Subscribe again, after the last cursor.',
            },
          ),
        ]);
      }
    }

    return createStreamIterator(next, {
      signal: context.signal,
      onEnd: () => {
        opened?.events.return?.().catch(() => undefined);
      },
    });
  };
}

interface OpenStream {
  readonly operation: Operation;
  readonly plan: SubscriptionPlan;
  readonly events: AsyncIterator<SubgraphResult>;
}

function openStream(
  { links, log, policy = defaultResumePolicy, onLost }: SubscriberDeps,
  { primary, resume }: SubscriptionPlan,
  { variables }: Operation,
  { principal, requestId, signal }: RequestContext,
  after: string | null,
): AsyncIterator<SubgraphResult> {
  const { serviceName, operationName } = primary;
  const link = links.get(serviceName);
  invariant(link !== undefined, `the plan names the unknown subgraph ${serviceName}`);
  const used = new Set(primary.variableUsages ?? []);
  const given = Object.fromEntries(Object.entries(variables).filter(([name]) => used.has(name)));
  return createResumingStream({
    open(cursor, ending) {
      const resumed = cursor !== null && resume !== null;
      return link.subscribe(
        {
          query: resumed ? resume.query : primary.operation,
          variables: resumed ? resume.variablesAfter(given, cursor) : given,
          operationName,
          principal,
          requestId,
        },
        ending,
      );
    },
    subgraph: serviceName,
    cursorOf: cursorOfEvent,
    resumable: resume !== null,
    after,
    policy,
    signal,
    onLost(error) {
      log.warn({ event: 'subscription.lost', subgraph: serviceName, requestId, err: error });
      onLost?.(serviceName);
    },
  });
}

function refusalsOf({ errors = [] }: SubgraphResult, serviceName: string): readonly GraphQLError[] {
  return errors.map(
    ({ message, extensions }) => new GraphQLError(message, { extensions: { ...extensions, serviceName } }),
  );
}
