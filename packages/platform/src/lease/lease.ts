import { type QueryExecutorProvider, sql } from 'kysely';
import type { Migration } from '../postgres/migrate.ts';

/**
 * The right of one holder to do a named thing until it expires. `epoch` rises with every acquisition, by whomever: what
 * the holder writes elsewhere is fenced by it, so that one who overslept its lease changes nothing.
 */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  readonly epoch: bigint;
  /** By the database's clock. */
  readonly expiresAt: Date;
}

export interface AcquireLease {
  readonly name: string;
  /** Names one incarnation of one process. */
  readonly holder: string;
  readonly ttlMs: number;
}

/** The table of leases for a service's schema. */
export function leaseMigration(version: number): Migration {
  return {
    version,
    name: 'leases',
    sql: `
      create table lease (
        name text primary key,
        holder text not null,
        epoch bigint not null,
        expires_at timestamptz not null
      );
    `,
  };
}

/**
 * Takes the lease if it is free, expired or the holder's own; null if another holds it. All times are the database's:
 * the clocks of the holders need not agree.
 */
export async function acquireLease(
  db: QueryExecutorProvider,
  { name, holder, ttlMs }: AcquireLease,
): Promise<Lease | null> {
  const { rows } = await sql<Lease>`
    insert into lease (name, holder, epoch, expires_at)
    values (${name}, ${holder}, 1, ${after(ttlMs)})
    on conflict (name) do update
      set holder = excluded.holder, epoch = lease.epoch + 1, expires_at = excluded.expires_at
      where lease.expires_at <= clock_timestamp() or lease.holder = excluded.holder
    returning name, holder, epoch, expires_at as "expiresAt"`.execute(db);
  return rows[0] ?? null;
}

/** Extends a lease from now; null if somebody acquired it since. One that expired but that nobody took is still its holder's. */
export async function renewLease(
  db: QueryExecutorProvider,
  lease: Lease,
  ttlMs: number,
): Promise<Lease | null> {
  const { rows } = await sql<Lease>`
    update lease set expires_at = ${after(ttlMs)}
    where name = ${lease.name} and holder = ${lease.holder} and epoch = ${lease.epoch}
    returning name, holder, epoch, expires_at as "expiresAt"`.execute(db);
  return rows[0] ?? null;
}

/** Gives the lease back at once; false if it was no longer ours. Its epoch stays, to be raised by the next holder. */
export async function releaseLease(
  db: QueryExecutorProvider,
  lease: Pick<Lease, 'name' | 'holder' | 'epoch'>,
): Promise<boolean> {
  const { rows } = await sql`
    update lease set expires_at = clock_timestamp()
    where name = ${lease.name} and holder = ${lease.holder} and epoch = ${lease.epoch}
    returning name`.execute(db);
  return rows.length > 0;
}

function after(ttlMs: number) {
  return sql`clock_timestamp() + ${ttlMs}::double precision * interval '1 millisecond'`;
}
