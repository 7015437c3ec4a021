import { setMaxListeners } from 'node:events';
import { invariant } from '@spine/kernel/invariant';
import { Problem } from '@spine/kernel/problem';
import { GraphQLError } from 'graphql';
import type { ExecutorDeps } from '../execution/create-executor.ts';
import { maskErrors } from '../execution/mask-errors.ts';
import type { Operation } from '../execution/operation.ts';
import type { RequestContext } from '../execution/request-context.ts';
import { createStreamIterator, streamEnd } from '../links/stream-iterator.ts';
import type { SubgraphResult } from '../links/subgraph-link.ts';
import { SubgraphLost } from '../links/subgraph-lost.ts';
import type { WatchEvent } from '../observability/watch-events.ts';
import { completeEvent } from './complete-event.ts';
import { cursorOfEvent, kindOfEvent } from './cursor-of-event.ts';
import type { SubscriptionPlan } from './plan-subscription.ts';
import { refusalEvent } from './refusal-event.ts';
import { createResumingStream, type ResumePolicy } from './resuming-stream.ts';
import type { StreamEvent } from './stream-event.ts';

export interface EventSourceDeps extends ExecutorDeps {
  readonly policy: ResumePolicy;
  /** Told of each break of a stream. */
  readonly onLost?: ((subgraph: string) => void) | undefined;
  readonly watchEvent?: WatchEvent | undefined;
}

/** On whose behalf a stream is read: one who reads it now, so that it outlives the first of them. */
export type Listener = () => Omit<RequestContext, 'signal'>;

export interface EventSourceOptions {
  readonly plan: SubscriptionPlan;
  readonly operation: Operation;
  readonly listener: Listener;
  /** Null: where the subgraph begins by itself. */
  readonly after: string | null;
}

// Events that are completed at once: while one waits for other subgraphs, the next need not.
const mostBegun = 16;

/**
 * The events of a subscription, complete and as text. The subgraph that owns the root field streams, the rest of the
 * plan completes each of its events: a few at once, handed out in the order in which they came. What fails is told as
 * the last event.
 */
export function createEventSource(
  deps: EventSourceDeps,
  options: EventSourceOptions,
): AsyncIterableIterator<StreamEvent> {
  const { log } = deps;
  const { plan, operation, listener } = options;
  const ending = new AbortController();
  const { signal } = ending;
  // A few listeners for each event that is being completed: no leak.
  setMaxListeners(0, signal);
  const events = openUpstream(deps, options, signal);
  const begun: Promise<StreamEvent>[] = [];
  let over = false;
  let reading = false;
  let wake = (): void => undefined;

  const refusal = (errors: readonly unknown[]): StreamEvent =>
    refusalEvent(maskErrors(errors, listener().requestId, log));

  async function complete(event: SubgraphResult): Promise<StreamEvent> {
    // Completing merges into the event: what it carries for us is read before.
    const readAt = performance.now();
    const cursor = cursorOfEvent(event);
    const kind = kindOfEvent(event);
    const context = { ...listener(), signal };
    const followed = deps.watchEvent?.(context);
    try {
      const watched = { ...context, watch: followed?.watch };
      const result = await completeEvent(deps, plan, operation, watched, event);
      return { text: JSON.stringify(result), cursor, kind, readAt };
    } catch (error) {
      return refusal([error]);
    } finally {
      followed?.ended();
    }
  }

  async function begin(): Promise<void> {
    try {
      const { done, value: event } = await events.next();
      over = done === true || event.data === undefined;
      if (done === true) return;
      begun.push(
        over ? Promise.resolve(refusal(refusalsOf(event, plan.primary.serviceName))) : complete(event),
      );
    } catch (error) {
      over = true;
      const told = error instanceof SubgraphLost ? brokenFor(error.subgraph) : error;
      begun.push(Promise.resolve(refusal([told])));
    }
  }

  async function readAhead(): Promise<void> {
    reading = true;
    while (!over && begun.length < mostBegun) {
      await begin();
      wake();
    }
    reading = false;
  }

  async function next(): Promise<StreamEvent | typeof streamEnd> {
    if (!reading) void readAhead();
    while (begun.length === 0 && !over) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const event = await begun.shift();
    if (event === undefined) return streamEnd;
    if (event.kind === 'refusal') {
      over = true;
      begun.length = 0;
    }
    return event;
  }

  return createStreamIterator(next, {
    signal,
    onEnd: () => {
      over = true;
      wake();
      ending.abort();
    },
  });
}

function openUpstream(
  { links, log, policy, onLost }: EventSourceDeps,
  { plan, operation, listener, after }: EventSourceOptions,
  signal: AbortSignal,
): AsyncIterator<SubgraphResult> {
  const { primary, resume, cursorVariable } = plan;
  const { serviceName, operationName } = primary;
  const link = links.get(serviceName);
  invariant(link !== undefined, `the plan names the unknown subgraph ${serviceName}`);
  const used = new Set(primary.variableUsages ?? []);
  const given = Object.fromEntries(
    Object.entries(operation.variables).filter(([name]) => used.has(name) && name !== cursorVariable),
  );
  let expiresAt: Date | null = null;
  return createResumingStream({
    open(cursor, ending) {
      const { principal, requestId, headers, traceparent } = listener();
      expiresAt = principal.expiresAt;
      const resumed = cursor !== null && resume !== null;
      return link.subscribe(
        {
          query: resumed ? resume.query : primary.operation,
          variables: resumed ? resume.variablesAfter(given, cursor) : given,
          operationName,
          principal,
          requestId,
          headers,
          traceparent,
        },
        ending,
      );
    },
    subgraph: serviceName,
    cursorOf: cursorOfEvent,
    resumable: resume !== null,
    // The proof of one who shares the stream has ended, that of another has not.
    passes: () => expiresAt !== null && isLater(listener().principal.expiresAt, expiresAt),
    after,
    policy,
    signal,
    onLost(error) {
      log.warn({ event: 'subscription.lost', subgraph: serviceName, err: error });
      onLost?.(serviceName);
    },
  });
}

/** Whether a proof holds longer than another; null: for ever. */
export function isLater(one: Date | null, other: Date | null): boolean {
  return other !== null && (one === null || one > other);
}

function brokenFor(subgraph: string): Problem {
  return new Problem(
    'SERVICE_UNAVAILABLE',
    `the stream of the ${subgraph} service broke and did not come back`,
    { fix: 'Subscribe again, after the last cursor.' },
  );
}

function refusalsOf({ errors = [] }: SubgraphResult, serviceName: string): readonly GraphQLError[] {
  return errors.map(
    ({ message, extensions }) => new GraphQLError(message, { extensions: { ...extensions, serviceName } }),
  );
}
