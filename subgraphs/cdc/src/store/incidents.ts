import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import type { Drift, Incident } from '../domain/incident.ts';
import type { CdcTables } from './cdc-tables.ts';

type Db = Kysely<CdcTables> | Transaction<CdcTables>;

/** Opens an incident; one that is open for the table is told anew, and stays the same incident. */
export async function openIncident(db: Db, route: string, drift: Drift): Promise<void> {
  const values = {
    subject: drift.subject,
    reason: drift.reason,
    proposed_schema: drift.proposedSchema,
    breaches: JSON.stringify(drift.breaches),
    required_version: drift.requiredVersion,
  };
  await db
    .insertInto('incident')
    .values({ route, schema_name: drift.schema, table_name: drift.table, ...values })
    .onConflict((conflict) =>
      conflict
        .columns(['route', 'schema_name', 'table_name'])
        .where('resolved_at', 'is', null)
        .doUpdateSet(values),
    )
    .execute();
}

/** Closes the incident of a table whose contract holds again; nothing where none is open. */
export async function resolveIncident(
  db: Db,
  route: string,
  { schema, table }: { readonly schema: string; readonly table: string },
): Promise<void> {
  await db
    .updateTable('incident')
    .set({ resolved_at: new Date() })
    .where('route', '=', route)
    .where('schema_name', '=', schema)
    .where('table_name', '=', table)
    .where('resolved_at', 'is', null)
    .execute();
}

export interface IncidentPage {
  /** Of one route alone. */
  readonly route?: string;
  readonly openOnly: boolean;
  /** Only those with a lower id. */
  readonly before: bigint | null;
  readonly limit: number;
}

/** Incidents, newest first. */
export async function listIncidents(db: Db, page: IncidentPage): Promise<readonly Incident[]> {
  const { route, openOnly, before, limit } = page;
  const rows = await selectIncidents(db)
    .$if(route !== undefined, (query) => query.where('route', '=', route ?? ''))
    .$if(openOnly, (query) => query.where('resolved_at', 'is', null))
    .$if(before !== null, (query) => query.where('id', '<', before ?? 0n))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toIncident);
}

/** One incident by its id; undefined where its route was removed. */
export async function findIncident(db: Db, id: bigint): Promise<Incident | undefined> {
  const row = await selectIncidents(db).where('id', '=', id).executeTakeFirst();
  return row && toIncident(row);
}

const selectIncidents = (db: Db) =>
  db
    .selectFrom('incident')
    .select([
      'id',
      'route',
      'schema_name',
      'table_name',
      'subject',
      'reason',
      'proposed_schema',
      'breaches',
      'required_version',
      'opened_at',
      'resolved_at',
    ]);

type IncidentRow = Awaited<ReturnType<ReturnType<typeof selectIncidents>['execute']>>[number];

const breachesShape = z.array(z.object({ kind: z.string(), path: z.string(), message: z.string() }));

function toIncident(row: IncidentRow): Incident {
  return {
    id: row.id,
    route: row.route,
    schema: row.schema_name,
    table: row.table_name,
    subject: row.subject,
    reason: row.reason,
    proposedSchema: row.proposed_schema,
    breaches: breachesShape.parse(row.breaches),
    requiredVersion: row.required_version,
    openedAt: row.opened_at,
    resolvedAt: row.resolved_at,
  };
}
