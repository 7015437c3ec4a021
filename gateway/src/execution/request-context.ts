import type { Principal } from '@spine/platform/auth/principal';

/** What the gateway knows of a request while it answers it. */
export interface RequestContext {
  readonly principal: Principal;
  readonly requestId: string;
  /** Aborts when the client leaves or the request's time is over. */
  readonly signal: AbortSignal;
}
