import { setMaxListeners } from 'node:events';
import { Problem } from '@spine/kernel/problem';
import { clockToleranceMs } from '@spine/platform/auth/expiry';
import type { Principal } from '@spine/platform/auth/principal';
import type { Identity } from '../subscriptions/identity.ts';
import type { StreamConfig } from './stream-config.ts';

/** Why a session is over: its proof has expired or is not accepted any more, or it has lasted long enough. */
export type SessionEnd = 'expired' | 'revoked' | 'old';

/** One client for as long as it holds its socket or event stream. */
export interface ClientSession extends Identity {
  /** Aborts when the session is closed. */
  readonly left: AbortSignal;
  close(): void;
}

export interface ClientSessionOptions extends Pick<StreamConfig, 'reauthoriseMs' | 'lifetimeMs'> {
  readonly principal: Principal;
  /** Asks again, with what the client once sent. Rejects with a Problem. */
  readonly authenticate: () => Promise<Principal>;
  /** Told once; who is told closes the session. */
  readonly onEnd: (why: SessionEnd) => void;
}

// Longer than a timer of Node can wait.
const longestWaitMs = 2_147_483_647;

/** Opens a session, which asks now and then whether the client is still who it was. Close it. */
export function createClientSession(options: ClientSessionOptions): ClientSession {
  const { authenticate, onEnd, reauthoriseMs, lifetimeMs } = options;
  const left = new AbortController();
  // One listener for each operation and more: no leak.
  setMaxListeners(0, left.signal);
  const listeners = new Set<() => void>();
  let { principal } = options;
  let expiry: NodeJS.Timeout | undefined;

  const end = (why: SessionEnd): void => {
    if (!left.signal.aborted) onEnd(why);
  };

  function awaitExpiry(): void {
    clearTimeout(expiry);
    const { expiresAt } = principal;
    if (expiresAt === null) return;
    const ms = expiresAt.getTime() + clockToleranceMs - Date.now();
    if (ms <= 0) end('expired');
    else expiry = setTimeout(awaitExpiry, Math.min(ms, longestWaitMs));
  }

  async function askAgain(): Promise<void> {
    try {
      const now = await authenticate();
      if (left.signal.aborted) return;
      const changed = rightsOf(now) !== rightsOf(principal);
      principal = now;
      awaitExpiry();
      if (changed) for (const listener of [...listeners]) listener();
    } catch (error) {
      // A proof that cannot be checked at the moment is good until it expires.
      if (!(error instanceof Problem && error.code === 'SERVICE_UNAVAILABLE')) end('revoked');
    }
  }

  // Jitter, here and below: clients that connected together should not all be looked at, or come back, together.
  const asking = setInterval(() => void askAgain(), reauthoriseMs * (0.8 + Math.random() * 0.2));
  const lifetime = setTimeout(() => end('old'), lifetimeMs * (0.8 + Math.random() * 0.2));
  awaitExpiry();

  return {
    left: left.signal,
    principal: () => principal,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      clearInterval(asking);
      clearTimeout(lifetime);
      clearTimeout(expiry);
      left.abort();
    },
  };
}

function rightsOf({ id, kind, roles, functions }: Principal): string {
  return JSON.stringify([id, kind, [...roles].sort(), [...functions].sort()]);
}
