import type { Authenticator } from '@spine/platform/auth/authenticate';
import type { Log } from '@spine/platform/log/create-log';
import type { Executor } from '../execution/create-executor.ts';
import type { ReadClientHeaders } from '../observability/client-headers.ts';
import type { FollowRequest } from '../observability/watch-http.ts';
import type { AdmitOperation } from '../security/front-door.ts';
import type { Subscriber } from '../subscriptions/create-subscriber.ts';
import type { StreamAdmission } from './stream-admission.ts';
import type { StreamConfig } from './stream-config.ts';
import type { StreamCounter } from './stream-counter.ts';

/** What the transports with streams share. */
export interface TransportDeps {
  readonly authenticator: Authenticator;
  readonly prepare: AdmitOperation;
  readonly execute: Executor;
  readonly subscribe: Subscriber;
  readonly log: Log;
  /** Origins of browser pages that may open streams, besides our own. */
  readonly allowedOrigins: readonly string[];
  readonly countStream: StreamCounter;
  readonly streams: StreamConfig;
  readonly admission: StreamAdmission;
  /** Begins to follow a request over HTTP that is answered once. */
  readonly follow: FollowRequest;
  readonly readHeaders: ReadClientHeaders;
}
