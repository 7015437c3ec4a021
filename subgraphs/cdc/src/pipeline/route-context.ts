import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import type { Tracing } from '@spine/platform/tracing/create-tracing';
import type { GovernanceClient } from '../clients/governance.ts';
import type { RegistryClient } from '../clients/registry.ts';
import type { RunEvents } from '../clients/route-run-events.ts';
import type { DeadLetterLimits } from '../domain/dead-letter.ts';
import type { DeadLetterBox } from '../domain/dead-letter-box.ts';
import type { Route, SinkEndpoint, SourceEndpoint } from '../domain/endpoint.ts';
import type { Sink } from '../sink/sink.ts';
import type { ChangeSource } from '../source/change-source.ts';
import type { PassFailpoint } from './failpoint.ts';
import type { LeafQueue } from './leaf-queue.ts';
import type { PolicyFeed } from './policy-feed.ts';
import type { RouteMemory } from './route-memory.ts';
import type { RouteProgress } from './route-progress.ts';

/** Everything that the stages of one route share. Made anew for each start of the route. */
export interface RouteContext {
  readonly route: Route;
  readonly sourceEndpoint: SourceEndpoint;
  readonly sinkEndpoint: SinkEndpoint;
  readonly source: ChangeSource;
  readonly sink: Sink;
  readonly slotName: string;
  readonly obligationKey: Buffer | null;
  readonly policyFeed: PolicyFeed;
  readonly leaves: LeafQueue;
  readonly governance: GovernanceClient;
  readonly registry: RegistryClient;
  readonly memory: RouteMemory;
  readonly deadLetters: DeadLetterBox;
  readonly deadLetterLimits: DeadLetterLimits;
  readonly progress: RouteProgress;
  readonly runEvents: RunEvents;
  readonly clock: Clock;
  readonly log: Log;
  readonly tracing: Tracing;
  readonly limits: BatchLimits;
  readonly pass: PassFailpoint;
  readonly signal: AbortSignal;
}

export interface BatchLimits {
  readonly maxChanges: number;
  readonly maxBytes: number;
  readonly waitMs: number;
  /** How often an idle position is written to the checkpoint, and so acknowledged. */
  readonly idleAdvanceMs: number;
}

/** The production caps: large enough for set-based apply, small enough for a short lag. */
export const defaultLimits: BatchLimits = {
  maxChanges: 8_000,
  maxBytes: 16 * 1024 * 1024,
  waitMs: 250,
  idleAdvanceMs: 5_000,
};

/** The route must start again from its first stage: the policy or a table's shape asks for it. */
export class RestartRoute extends Error {
  override readonly name = 'RestartRoute';
}
