import { Problem } from '@spine/kernel/problem';
import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import type pg from 'pg';

const lookMs = 100;

export interface RouteLockInput {
  readonly client: pg.Client;
  readonly route: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** How long a session that still holds the lock is left alone, and again how long its end is waited for. */
  readonly waitMs?: number;
}

/**
 * Takes the route's session lock on the connection that will write: it is free only when the last writing session is gone,
 * even one whose client was killed in mid-statement. Whoever calls holds the route's lease, so a session that outlasts the
 * wait belongs to a worker that is frozen or cut off: the server ends it. Throws Problem when it stays.
 */
export async function takeRouteLock(input: RouteLockInput): Promise<void> {
  const waitMs = input.waitMs ?? 5_000;
  if (await tryFor(input, waitMs)) return;
  input.log.warn({ event: 'sink.session_displaced', route: input.route });
  await endHolder(input);
  if (await tryFor(input, waitMs)) return;
  throw new Problem(
    'SINK_UNREACHABLE',
    `route ${input.route}: another session holds the sink and does not end`,
    {
      fix: 'Look for its advisory lock in pg_locks at the sink and end that session.',
    },
  );
}

async function tryFor({ client, route, clock, signal }: RouteLockInput, waitMs: number): Promise<boolean> {
  const deadline = clock.now().getTime() + waitMs;
  for (;;) {
    signal.throwIfAborted();
    const { rows } = await client.query<{ held: boolean }>(
      'select pg_try_advisory_lock(hashtextextended($1, 0)) as held',
      [lockName(route)],
    );
    if (rows[0]?.held === true) return true;
    if (clock.now().getTime() >= deadline) return false;
    await clock.sleep(lookMs, signal);
  }
}

async function endHolder({ client, route }: RouteLockInput): Promise<void> {
  await client.query(
    `select pg_terminate_backend(held.pid)
     from pg_locks as held
     join pg_database as here on here.oid = held.database and here.datname = current_database()
     where held.locktype = 'advisory' and held.granted and held.objsubid = 1
       and ((held.classid::int8 << 32) | held.objid::int8) = hashtextextended($1, 0)
       and held.pid <> pg_backend_pid()`,
    [lockName(route)],
  );
}

function lockName(route: string): string {
  return `spine route ${route}`;
}
