import type { Authenticator } from '@spine/platform/auth/authenticate';
import type { Log } from '@spine/platform/log/create-log';
import type { Executor } from '../execution/create-executor.ts';
import type { PrepareOperation } from '../execution/prepare-operation.ts';
import type { Subscriber } from '../subscriptions/create-subscriber.ts';
import type { StreamCounter } from './counted-stream.ts';

/** What the transports with streams share. */
export interface TransportDeps {
  readonly authenticator: Authenticator;
  readonly prepare: PrepareOperation;
  readonly execute: Executor;
  readonly subscribe: Subscriber;
  readonly log: Log;
  /** Origins of browser pages that may open streams, besides our own. */
  readonly allowedOrigins: readonly string[];
  readonly countStream: StreamCounter;
}
