import type { Kysely, Selectable, Transaction } from 'kysely';
import { z } from 'zod';
import { sightingKinds } from '../domain/scan/sighting.ts';
import type { CdcTables } from './cdc-tables.ts';

type Db = Kysely<CdcTables> | Transaction<CdcTables>;

const endpointScanShape = z.object({
  kind: z.enum(['source', 'sink']),
  name: z.string(),
  /** How much was looked at that nobody of ours answers for, known findings included. */
  sightings: z.number(),
  unobserved: z.array(z.object({ kind: z.enum(sightingKinds).nullable(), reason: z.string() })),
});

/** What one scan saw of one endpoint. */
export type EndpointScan = z.infer<typeof endpointScanShape>;

/** One look at every registered source and sink. */
export interface Scan {
  readonly id: bigint;
  /** Who asked for it; null when it was its time. */
  readonly requestedBy: string | null;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly endpoints: readonly EndpointScan[];
  /** Findings that it opened. */
  readonly opened: number;
}

export interface NewScan extends Omit<Scan, 'id'> {
  readonly idempotencyKey: string | null;
}

const columns = ['id', 'requested_by', 'started_at', 'finished_at', 'endpoints', 'opened'] as const;

/** Records a scan and answers its id. */
export async function addScan(db: Db, scan: NewScan): Promise<bigint> {
  const { id } = await db
    .insertInto('scan')
    .values({
      requested_by: scan.requestedBy,
      idempotency_key: scan.idempotencyKey,
      started_at: scan.startedAt,
      finished_at: scan.finishedAt,
      endpoints: JSON.stringify(scan.endpoints),
      opened: scan.opened,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** The scan that somebody asked for by this key, or undefined. */
export async function findScanByKey(db: Db, requestedBy: string, key: string): Promise<Scan | undefined> {
  const row = await db
    .selectFrom('scan')
    .select(columns)
    .where('requested_by', '=', requestedBy)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
  return row === undefined ? undefined : toScan(row);
}

/** Scans newest first, before an id. */
export async function listScans(
  db: Db,
  { before, limit }: { readonly before: bigint | null; readonly limit: number },
): Promise<readonly Scan[]> {
  const rows = await db
    .selectFrom('scan')
    .select(columns)
    .$if(before !== null, (query) => query.where('id', '<', before ?? 0n))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toScan);
}

/** Forgets scans that are older; findings stay. */
export async function cutScans(db: Db, before: Date): Promise<void> {
  await db.deleteFrom('scan').where('started_at', '<', before).execute();
}

function toScan(row: Pick<Selectable<CdcTables['scan']>, (typeof columns)[number]>): Scan {
  return {
    id: row.id,
    requestedBy: row.requested_by,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    endpoints: z.array(endpointScanShape).parse(row.endpoints),
    opened: row.opened,
  };
}
