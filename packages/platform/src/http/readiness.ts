import { Problem } from '@spine/kernel/problem';
import type { Log } from '../log/create-log.ts';

/**
 * What must work for a service to be of use: a named probe rejects while it does not. One that answers `{ degraded: why }` works
 * less well than it should: the service is ready, and says so.
 */
export type Readiness = Readonly<Record<string, () => unknown>>;

export interface ReadinessReport {
  /** Names of all probes. */
  readonly probes: readonly string[];
  /** Those that work less well than they should, and why. */
  readonly degraded?: Readonly<Record<string, string>>;
}

const probeMs = 2_000;

/** Runs all probes, each with two seconds. Throws SERVICE_UNAVAILABLE naming those that failed; why is only logged. */
export async function checkReadiness(readiness: Readiness, log: Pick<Log, 'warn'>): Promise<ReadinessReport> {
  const names = Object.keys(readiness);
  const degraded: Record<string, string> = {};
  const failing = await Promise.all(
    names.map(async (name) => {
      try {
        const answer = await withinTime(readiness[name]);
        if (isDegraded(answer)) degraded[name] = answer.degraded;
        return [];
      } catch (error) {
        log.warn({ event: 'readiness.failed', probe: name, err: error });
        return [name];
      }
    }),
  );
  const failed = failing.flat();
  if (failed.length === 0) {
    return { probes: names, ...(Object.keys(degraded).length > 0 && { degraded }) };
  }
  throw new Problem('SERVICE_UNAVAILABLE', `not ready: ${failed.join(', ')}`, {
    fix: 'Look at what is named here; the log says what it answered.',
    extensions: { failing: failed },
  });
}

function isDegraded(answer: unknown): answer is { readonly degraded: string } {
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'degraded' in answer &&
    typeof answer.degraded === 'string'
  );
}

async function withinTime(probe: (() => unknown) | undefined): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${probeMs} ms`)), probeMs);
  });
  try {
    return await Promise.race([Promise.resolve().then(probe), late]);
  } finally {
    clearTimeout(timer);
  }
}
