import { Problem } from '@spine/kernel/problem';
import { hasRole } from '@spine/platform/auth/authorise';
import type { Log } from '@spine/platform/log/create-log';
import { GraphQLError } from 'graphql';
import { type AuditTrail, resultCode } from '../audit/audit-trail.ts';
import { assertAuthorised } from '../authorization/assert-authorised.ts';
import { type CostPolicy, costOf } from '../cost/cost-policy.ts';
import type { Executor } from '../execution/create-executor.ts';
import { maskErrors } from '../execution/mask-errors.ts';
import type { Operation } from '../execution/operation.ts';
import { isRefused } from '../execution/prepare-operation.ts';
import type { RequestContext } from '../execution/request-context.ts';
import { createStreamIterator, streamEnd } from '../links/stream-iterator.ts';
import type { SpendCost } from '../rate/spend-cost.ts';
import type { Subscriber, Subscription } from '../subscriptions/create-subscriber.ts';
import { refusalEvent } from '../subscriptions/refusal-event.ts';
import type { AdmitOperation } from './front-door.ts';

export interface GuardDeps {
  readonly cost: CostPolicy;
  readonly spend: SpendCost;
  readonly trail: AuditTrail;
  /** Told of each refusal, by its code. */
  readonly onRefused: (reason: string) => void;
  readonly log: Log;
}

/**
 * What a valid operation passes before it is planned, on every transport: the directives of authorisation, its cost, the
 * budget of who asks, and the audit log. A refusal is an answer with its errors, and is audited like what it refuses.
 */
export interface Guard {
  execute(inner: Executor): Executor;
  subscribe(inner: Subscriber): Subscriber;
  /** For a stream that goes on under another graph or other rights: may it still be asked for? */
  renew(inner: AdmitOperation): AdmitOperation;
}

/** Creates the guard. */
export function createGuard({ cost: policy, spend, trail, onRefused, log }: GuardDeps): Guard {
  function admit(operation: Operation, context: RequestContext): number {
    assertAuthorised(operation, context.principal);
    const cost = costOf(operation, policy);
    spend(context.principal, cost);
    return cost;
  }

  function refuse(operation: Operation, context: RequestContext, error: unknown) {
    const errors = maskErrors([error], context.requestId, log);
    const reason = resultCode({ errors });
    onRefused(reason);
    trail.refused(operation, context, reason);
    return { errors };
  }

  return {
    execute: (inner) => async (operation, context) => {
      let cost: number;
      let end: ReturnType<AuditTrail['begin']>;
      try {
        cost = admit(operation, context);
        const begun = trail.begin(operation, context, cost);
        end = begun instanceof Promise ? await begun : begun;
      } catch (error) {
        return refuse(operation, context, error);
      }
      const result = await inner(operation, context);
      end(resultCode(result));
      return showsCost(context) ? { ...result, extensions: { ...result.extensions, cost } } : result;
    },

    subscribe: (inner) => (operation, context, options) => {
      try {
        const cost = admit(operation, context);
        const end = trail.begin(operation, context, cost);
        if (!(end instanceof Promise)) end('OK');
        return inner(operation, context, options);
      } catch (error) {
        return refusedSubscription(refuse(operation, context, error).errors, context.signal);
      }
    },

    renew: (inner) => (request, principal) => {
      const operation = inner(request, principal);
      if (isRefused(operation)) return operation;
      try {
        assertAuthorised(operation, principal);
        return operation;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        return [new GraphQLError(error.message, { extensions: { code: error.code } })];
      }
    },
  };
}

/** Whether the answer says what it cost: to those who run the gateway, when they ask. */
function showsCost({ showCost = false, principal }: RequestContext): boolean {
  return showCost && hasRole(principal, 'operator');
}

/** A stream of one event: why there is no stream. */
function refusedSubscription(errors: readonly GraphQLError[], signal: AbortSignal): Subscription {
  const event = refusalEvent(errors);
  let told = false;
  const events = createStreamIterator(
    async () => {
      if (told) return streamEnd;
      told = true;
      return event;
    },
    { signal, onEnd: () => undefined },
  );
  return Object.assign(events, { farewell: () => event });
}
