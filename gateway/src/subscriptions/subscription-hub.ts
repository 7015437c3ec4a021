import type { Operation } from '../execution/operation.ts';
import type { RequestContext } from '../execution/request-context.ts';
import { type Channel, createChannel, type Reader } from './channel.ts';
import { createEventSource, type EventSourceDeps, isLater } from './event-source.ts';
import type { FeedWindow } from './feed.ts';
import type { SubscriptionPlan } from './plan-subscription.ts';
import { sharingKey } from './sharing-key.ts';

export interface SubscriptionHubDeps extends EventSourceDeps {
  readonly window?: FeedWindow;
  /** Told that a reader fell behind the others; the returned function, that it caught up or left. */
  readonly onFallen?: () => () => void;
  /** Told of each event that such a reader gets until then. */
  readonly onReplayed?: () => void;
}

export interface JoinRequest {
  readonly plan: SubscriptionPlan;
  readonly operation: Operation;
  readonly context: Omit<RequestContext, 'signal'>;
  /** Where it left off, if not where its own variables say. */
  readonly after: string | null;
}

/** Brings those together who subscribe to the same. */
export interface SubscriptionHub {
  join(request: JoinRequest): Reader;
}

interface Party {
  readonly channel: Channel;
  /** Those who listen. */
  readonly present: Set<JoinRequest['context']>;
}

/** Creates a hub; a stream that nobody listens to is closed and forgotten. */
export function createSubscriptionHub(deps: SubscriptionHubDeps): SubscriptionHub {
  const parties = new Map<string, Party>();

  function openParty({ plan, operation, context }: JoinRequest, shared: boolean, onEmpty: () => void): Party {
    const present = new Set<JoinRequest['context']>();
    const channel = createChannel({
      open: (after) =>
        createEventSource(deps, {
          plan: shared ? plan : { ...plan, cursorVariable: null },
          operation,
          listener: () => lastToExpire(present) ?? context,
          after,
        }),
      shared,
      onEmpty,
      ...(deps.window !== undefined && { window: deps.window }),
      ...(deps.onFallen !== undefined && { onFallen: deps.onFallen }),
      ...(deps.onReplayed !== undefined && { onReplayed: deps.onReplayed }),
    });
    return { channel, present };
  }

  return {
    join(request) {
      const { plan, operation, context, after } = request;
      const given = plan.resume?.cursorGiven(operation.variables);
      const shared = given !== undefined;
      const key = shared ? sharingKey(plan, operation, context) : null;
      let party = key === null ? undefined : parties.get(key);
      if (party === undefined) {
        party = openParty(request, shared, () => {
          if (key !== null) parties.delete(key);
        });
        if (key !== null) parties.set(key, party);
      }
      const { channel, present } = party;
      present.add(context);
      const reader = channel.join(after ?? given ?? null);
      return {
        ...reader,
        close() {
          present.delete(context);
          reader.close();
        },
      };
    },
  };
}

function lastToExpire(present: Iterable<JoinRequest['context']>): JoinRequest['context'] | undefined {
  let found: JoinRequest['context'] | undefined;
  for (const context of present) {
    if (found === undefined || isLater(context.principal.expiresAt, found.principal.expiresAt))
      found = context;
  }
  return found;
}
