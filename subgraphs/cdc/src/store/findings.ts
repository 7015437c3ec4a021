import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { z } from 'zod';
import type { Finding, StepReport, Verdict } from '../domain/scan/finding.ts';
import { type Aspect, aspectKey, type Sighting, sightingKinds } from '../domain/scan/sighting.ts';
import type { EndpointRef } from '../domain/scan/watched-endpoint.ts';
import type { CdcTables } from './cdc-tables.ts';

type Db = Kysely<CdcTables> | Transaction<CdcTables>;

const columns = [
  'id',
  'place',
  'kind',
  'name',
  'details',
  'endpoint_kind',
  'endpoint',
  'state',
  'verdict',
  'first_seen',
  'last_seen',
  'gone_at',
  'steps',
  'acted_at',
  'reports',
] as const;
const detailsShape = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const reportsShape = z.array(
  z.object({ step: z.string(), outcome: z.enum(['done', 'failed']), reason: z.string().nullable() }),
);

/** Scans are written one after the other, so that none takes for gone what the other has just found. */
export async function lockFindings(trx: Transaction<CdcTables>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('spine cdc findings', 0))`.execute(trx);
}

/** The findings at these places, gone ones too. */
export async function findingsAt(db: Db, places: readonly string[]): Promise<readonly Finding[]> {
  if (places.length === 0) return [];
  const rows = await db
    .selectFrom('finding')
    .select(columns)
    .where('place', 'in', [...places])
    .execute();
  return rows.map(toFinding);
}

/** Findings newest first, before an id; only those that stand so, where a standing is asked for. */
export async function listFindings(
  db: Db,
  page: { readonly before: bigint | null; readonly limit: number; readonly standing: FindingStanding | null },
): Promise<readonly Finding[]> {
  const { before, limit, standing } = page;
  const rows = await db
    .selectFrom('finding')
    .select(columns)
    .$if(before !== null, (query) => query.where('id', '<', before ?? 0n))
    .$if(standing !== null, (query) =>
      standing === null || standing === 'gone'
        ? query.where('gone_at', 'is not', null)
        : query.where('gone_at', 'is', null).where('state', '=', standing),
    )
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toFinding);
}

/** How a finding is listed: by its state while it is there, as gone when it is not. */
export type FindingStanding = Finding['state'] | 'gone';

/** One finding, or undefined. */
export async function findFinding(db: Db, id: bigint): Promise<Finding | undefined> {
  const row = await db.selectFrom('finding').select(columns).where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toFinding(row);
}

/** How many findings that are there stand open, or were rejected and are there all the same. */
export async function countOpenFindings(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('finding')
    .select((eb) => eb.fn.countAll<bigint>().as('count'))
    .where('gone_at', 'is', null)
    .where((eb) => eb.or([eb('state', '=', 'open'), eb('verdict', '=', 'rejected')]))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Records what was found for the first time. */
export async function addFinding(
  db: Db,
  { place, kind, name, details }: Sighting,
  found: {
    readonly endpoint: EndpointRef;
    readonly state: 'baseline' | 'open';
    readonly steps: readonly string[];
    readonly at: Date;
  },
): Promise<void> {
  await db
    .insertInto('finding')
    .values({
      place,
      kind,
      name,
      details: JSON.stringify(details),
      endpoint_kind: found.endpoint.kind,
      endpoint: found.endpoint.name,
      state: found.state,
      steps: JSON.stringify(found.steps),
      first_seen: found.at,
      last_seen: found.at,
    })
    .execute();
}

/** Records that findings are still there, or there again. */
export async function touchFinding(
  db: Db,
  id: bigint,
  seen: {
    readonly sighting: Sighting;
    readonly endpoint: EndpointRef;
    readonly steps: readonly string[];
    readonly reopens: boolean;
    readonly at: Date;
  },
): Promise<void> {
  await db
    .updateTable('finding')
    .set({
      last_seen: seen.at,
      gone_at: null,
      details: JSON.stringify(seen.sighting.details),
      endpoint_kind: seen.endpoint.kind,
      endpoint: seen.endpoint.name,
      steps: JSON.stringify(seen.steps),
      ...(seen.reopens && { state: 'open' as const, verdict: null }),
    })
    .where('id', '=', id)
    .execute();
}

/** Records that findings are not there any more. */
export async function closeFindings(db: Db, ids: readonly bigint[], at: Date): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('finding')
    .set({ gone_at: at })
    .where('id', 'in', [...ids])
    .execute();
}

/**
 * Lets go of findings at places where nobody looks any more, because the source or sink was removed or is elsewhere now. Those of
 * endpoints that could not be reached this time stay.
 */
export async function closeUnwatched(
  db: Db,
  watched: readonly string[],
  unreached: readonly EndpointRef[],
  at: Date,
): Promise<void> {
  await db
    .updateTable('finding')
    .set({ gone_at: at })
    .where('gone_at', 'is', null)
    .where((eb) =>
      eb.and([
        ...(watched.length === 0 ? [] : [eb('place', 'not in', [...watched])]),
        ...unreached.map(({ kind, name }) =>
          eb.not(eb.and([eb('endpoint_kind', '=', kind), eb('endpoint', '=', name)])),
        ),
      ]),
    )
    .execute();
}

/** Records a verdict on a finding. */
export async function setVerdict(db: Db, id: bigint, verdict: Verdict): Promise<void> {
  await db.updateTable('finding').set({ state: 'reviewed', verdict }).where('id', '=', id).execute();
}

/** Records what quarantine did. */
export async function setReports(
  db: Db,
  id: bigint,
  reports: readonly StepReport[],
  at: Date,
): Promise<void> {
  await db
    .updateTable('finding')
    .set({ acted_at: at, reports: JSON.stringify(reports) })
    .where('id', '=', id)
    .execute();
}

/** Keys of the aspects at these places that have a baseline. */
export async function baselinedAspects(db: Db, places: readonly string[]): Promise<ReadonlySet<string>> {
  if (places.length === 0) return new Set();
  const rows = await db
    .selectFrom('scan_baseline')
    .select(['place', 'kind'])
    .where('place', 'in', [...places])
    .execute();
  return new Set(
    rows.map((row) => aspectKey({ place: row.place, kind: z.enum(sightingKinds).parse(row.kind) })),
  );
}

/** Records that aspects have their baseline. */
export async function addBaselines(db: Db, aspects: readonly Aspect[], at: Date): Promise<void> {
  if (aspects.length === 0) return;
  await db
    .insertInto('scan_baseline')
    .values(aspects.map(({ place, kind }) => ({ place, kind, at })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function toFinding(row: Pick<Selectable<CdcTables['finding']>, (typeof columns)[number]>): Finding {
  return {
    id: row.id,
    place: row.place,
    kind: z.enum(sightingKinds).parse(row.kind),
    name: row.name,
    details: detailsShape.parse(row.details),
    endpoint: { kind: row.endpoint_kind, name: row.endpoint },
    state: row.state,
    verdict: row.verdict,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    goneAt: row.gone_at,
    steps: z.array(z.string()).parse(row.steps),
    actedAt: row.acted_at,
    reports: reportsShape.parse(row.reports),
  };
}
