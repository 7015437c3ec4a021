import type { GraphContext } from '@spine/platform/graphql/context';
import type { Stream } from '@spine/platform/stream/create-stream';
import type { ViolationEvent } from '../../domain/follow-violations.ts';
import type { GovernanceDeps } from '../../usecases/governance-deps.ts';

/** The durable streams of governance; an item of `decisions` is a decision's id. */
export interface GovernanceStreams {
  readonly violations: Stream<ViolationEvent>;
  readonly decisions: Stream<string>;
}

/** What the resolvers of governance find in their context. */
export interface GovernanceContext extends GraphContext {
  readonly governance: GovernanceDeps;
  readonly streams: GovernanceStreams;
}
