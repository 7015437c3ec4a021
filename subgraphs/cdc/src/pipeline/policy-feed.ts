import { Problem } from '@spine/kernel/problem';
import { type CompiledPolicy, compilePolicy } from '@spine/kernel/residency/compile-policy';
import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import type { GovernanceClient } from '../clients/governance.ts';

/** The matrix in force as this worker knows it. */
export interface CurrentPolicy {
  readonly version: number;
  readonly digest: string;
  readonly policy: CompiledPolicy;
}

export interface PolicyFeed {
  /** The current policy. Waits while there is none that is fresh: a route holds meanwhile. */
  current(signal: AbortSignal, onHold: (reason: string) => void): Promise<CurrentPolicy>;
  /** Asks now: after a refused leaf, and at the start of a route. A failure shows at `current`. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** Keeps one compiled policy per worker. Freshness counts from the answer: a bundle older than its max age is no answer. */
export function createPolicyFeed(deps: {
  readonly governance: GovernanceClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly pollMs: number;
}): PolicyFeed {
  const { governance, clock, log } = deps;
  const stop = new AbortController();
  let known: { current: CurrentPolicy; freshUntil: number } | null = null;
  let failure = 'the policy has not been asked yet';
  let asking: Promise<void> | null = null;

  async function ask(): Promise<void> {
    const askedAt = clock.now().getTime();
    try {
      const bundle = await governance.bundle();
      const freshUntil = askedAt + bundle.maxAgeMs;
      if (known?.current.digest === bundle.digest && known.current.version === bundle.version) {
        known.freshUntil = freshUntil;
        return;
      }
      const policy = compilePolicy(bundle.document);
      known = { current: { version: bundle.version, digest: bundle.digest, policy }, freshUntil };
      log.info({ event: 'policy.adopted', matrixVersion: bundle.version, matrixDigest: bundle.digest });
    } catch (error) {
      failure = error instanceof Problem ? error.message : 'the policy could not be read';
      if (!(error instanceof Problem)) log.error({ event: 'policy.unreadable', err: error });
    }
  }

  function refresh(): Promise<void> {
    asking ??= ask().finally(() => {
      asking = null;
    });
    return asking;
  }

  const polling = (async () => {
    while (!stop.signal.aborted) {
      await refresh();
      await clock.sleep(deps.pollMs, stop.signal).catch(() => undefined);
    }
  })();

  return {
    refresh,
    async current(signal, onHold) {
      for (;;) {
        signal.throwIfAborted();
        if (known !== null && clock.now().getTime() < known.freshUntil) return known.current;
        await refresh();
        if (known !== null && clock.now().getTime() < known.freshUntil) return known.current;
        onHold(`no fresh policy: ${failure}`);
        await clock.sleep(deps.pollMs, signal);
      }
    },
    async close() {
      stop.abort();
      await polling;
    },
  };
}
