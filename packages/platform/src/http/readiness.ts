import { Problem } from '@spine/kernel/problem';
import type { Log } from '../log/create-log.ts';

/** What must work for a service to be of use: a named probe rejects while it does not. */
export type Readiness = Readonly<Record<string, () => unknown>>;

const probeMs = 2_000;

/** Runs all probes, each with two seconds. Throws SERVICE_UNAVAILABLE naming those that failed; why is only logged. */
export async function checkReadiness(
  readiness: Readiness,
  log: Pick<Log, 'warn'>,
): Promise<readonly string[]> {
  const names = Object.keys(readiness);
  const failing = await Promise.all(
    names.map(async (name) => {
      try {
        await withinTime(readiness[name]);
        return [];
      } catch (error) {
        log.warn({ event: 'readiness.failed', probe: name, err: error });
        return [name];
      }
    }),
  );
  const failed = failing.flat();
  if (failed.length === 0) return names;
  throw new Problem('SERVICE_UNAVAILABLE', `not ready: ${failed.join(', ')}`, {
    fix: 'Look at what is named here; the log says what it answered.',
    extensions: { failing: failed },
  });
}

async function withinTime(probe: (() => unknown) | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${probeMs} ms`)), probeMs);
  });
  try {
    await Promise.race([Promise.resolve().then(probe), late]);
  } finally {
    clearTimeout(timer);
  }
}
