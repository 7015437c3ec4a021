import { type Kysely, sql } from 'kysely';
import type { CdcTables } from './cdc-tables.ts';

/** `worker-<host>-<pid>-<incarnation>`: who holds a lease. The host keeps equal process ids of two machines apart. */
export function workerId(host: string, pid: number, incarnation: string): string {
  return `worker-${host}-${pid}-${incarnation}`;
}

/** Frees the leases of a worker process of this host that is certainly gone, so that nobody waits for them to expire. */
export async function releaseLeasesOf(db: Kysely<CdcTables>, host: string, pid: number): Promise<void> {
  const prefix = workerId(host, pid, '');
  await sql`update lease set expires_at = clock_timestamp() where starts_with(holder, ${prefix})`.execute(db);
}
