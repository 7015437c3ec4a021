import type { Principal } from '@spine/platform/auth/principal';
import type { RequestWatch } from '../observability/request-watch.ts';

/** What the gateway knows of a request while it answers it. */
export interface RequestContext {
  readonly principal: Principal;
  readonly requestId: string;
  /** Aborts when the client leaves or the request's time is over. */
  readonly signal: AbortSignal;
  /** Headers of the client that subgraphs may see; the configuration lists them. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The client's own W3C traceparent. */
  readonly traceparent?: string | undefined;
  /** Told how the answer comes about. */
  readonly watch?: RequestWatch | undefined;
  /** Whether the client asks to see the plan of its operation. */
  readonly showPlan?: boolean;
  /** Whether the client asks what its operation costs. */
  readonly showCost?: boolean;
}
