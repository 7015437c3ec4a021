import { parseLsn } from '@spine/kernel/lsn';
import { Problem } from '@spine/kernel/problem';
import { type DatasetName, logicalName } from '@spine/kernel/table-ref';
import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import type { Database } from '@spine/platform/postgres/create-database';
import type { FoundLeaf, GovernanceClient } from '../clients/governance.ts';
import type { ReferenceResolver } from '../clients/resolve-reference.ts';
import { type Touched, touchRow } from '../clients/touch-row.ts';
import { type Relation, tableKey } from '../domain/relation.ts';
import { publicationName, slotName } from '../domain/route-names.ts';
import { createPostgresSource } from '../source/postgres-source.ts';
import type { CdcTables } from '../store/cdc-tables.ts';
import { listSinks, listSources } from '../store/endpoints.ts';
import { listTables } from '../store/route-tables.ts';
import { findRoute } from '../store/routes.ts';
import { readStatus } from './read-status.ts';

export interface SmokeDeps {
  readonly database: Database<CdcTables>;
  readonly resolver: ReferenceResolver;
  readonly governance: GovernanceClient;
  readonly clock: Clock;
  readonly log: Log;
}

/** One row that went through a route, and what was decided of it. */
export interface SmokeResult {
  readonly table: string;
  readonly dataset: DatasetName;
  readonly sinkDataset: DatasetName;
  readonly decision: FoundLeaf['decisions'][number] & { readonly id: string; readonly matrixVersion: number };
  readonly batch: { readonly id: string; readonly start: string; readonly end: string };
  /** From the commit at the source until the checkpoint had passed it. */
  readonly seconds: number;
}

const patienceMs = 60_000;
const lookEveryMs = 100;

/**
 * Sends one row from source to sink: touches a row without changing it, and waits for the decision on its batch and for the checkpoint to
 * pass it. Throws ROUTE_NOT_FOUND; INPUT_INVALID for a table that the route does not stream; CONFLICT when it streams none; TIMEOUT.
 */
export async function smokeRoute(
  deps: SmokeDeps,
  name: string,
  wanted: string | null,
  signal: AbortSignal,
): Promise<SmokeResult> {
  const { database, resolver, clock } = deps;
  const db = database.kysely;
  const route = await findRoute(db, name);
  const source = (await listSources(db)).find((each) => each.name === route?.source);
  const sink = (await listSinks(db)).find((each) => each.name === route?.sink);
  if (route === undefined || source === undefined || sink === undefined) {
    throw new Problem('ROUTE_NOT_FOUND', `there is no route ${name}`, {
      fix: '`spine status` lists the routes.',
    });
  }
  const url = resolver.url(source.url);
  const candidates = await touchable(deps, { name, url, tables: route.tables }, wanted);
  for (const relation of candidates) {
    const touched = await touchRow(url, relation);
    if (touched === null) continue;
    const startedAt = clock.now().getTime();
    const { schema, table } = relation;
    const logical = logicalName({ source: source.name, schema, table });
    const found = await untilDelivered(deps, { route: name, sink: sink.name, logical, touched }, signal);
    return {
      table: tableKey(relation),
      dataset: { namespace: source.namespace, name: `${source.database}.${schema}.${table}` },
      sinkDataset: { namespace: sink.namespace, name: `${sink.database}.${schema}.${table}` },
      ...found,
      seconds: (clock.now().getTime() - startedAt) / 1000,
    };
  }
  throw new Problem('CONFLICT', `${wanted ?? `no table of ${name}`} has a row to send`, {
    fix: 'Insert a row at the source, or name another table.',
  });
}

/** The tables whose rows can be touched: those that stream and have a key. */
async function touchable(
  { database, log, clock }: SmokeDeps,
  { name, url, tables }: { readonly name: string; readonly url: string; readonly tables: readonly string[] },
  wanted: string | null,
): Promise<readonly Relation[]> {
  const states = new Map(
    (await listTables(database.kysely, [name])).map((table) => [tableKey(table), table.state]),
  );
  const reader = createPostgresSource({
    url,
    route: name,
    slotName: slotName(name),
    publicationName: publicationName(name),
    log,
    clock,
    heartbeatMs: 0,
  });
  const catalog = await reader.listTables(tables).finally(() => reader.close());
  const relations = catalog.map(({ relation }) => relation);
  const flowing = relations.filter(
    (relation) => relation.key.length > 0 && states.get(tableKey(relation)) === 'streaming',
  );
  const asked = wanted === null ? flowing : flowing.filter((relation) => tableKey(relation) === wanted);
  if (asked.length > 0) return asked;
  const stand = relations.map(
    (each) => `${tableKey(each)} (${states.get(tableKey(each)) ?? 'not known yet'})`,
  );
  throw new Problem(
    wanted === null ? 'CONFLICT' : 'INPUT_INVALID',
    wanted === null
      ? `route ${name} streams no table with a key`
      : `route ${name} streams no table ${wanted} with a key`,
    { fix: `Its tables: ${stand.join(', ') || 'none'}.` },
  );
}

async function untilDelivered(
  { database, governance, clock }: SmokeDeps,
  sent: {
    readonly route: string;
    readonly sink: string;
    readonly logical: string;
    readonly touched: Touched;
  },
  signal: AbortSignal,
): Promise<Pick<SmokeResult, 'decision' | 'batch'>> {
  const { route, sink, logical } = sent;
  const deadline = clock.now().getTime() + patienceMs;
  for (;;) {
    const status = (await readStatus(database, clock.now())).find((each) => each.name === route);
    const reached = parseLsn(status?.checkpoint?.position ?? '0/0');
    const leaf = await firstLeafOf(governance, sent);
    if (leaf !== null && reached >= parseLsn(leaf.end)) {
      const { seq, batchId, start, end, matrixVersion, decisions } = leaf;
      const ordinal = decisions.findIndex((each) => each.logicalName === logical);
      const decision = decisions[ordinal];
      if (decision !== undefined) {
        return {
          decision: { ...decision, id: `${seq}-${ordinal}`, matrixVersion },
          batch: { id: batchId, start, end },
        };
      }
    }
    if (clock.now().getTime() > deadline) {
      throw new Problem(
        'TIMEOUT',
        `the row has not come through in ${patienceMs / 1000} s: route ${route} to ${sink} is ${status?.state ?? 'gone'}`,
        { ...(status?.stateReason != null && { fix: status.stateReason }) },
      );
    }
    await clock.sleep(lookEveryMs, signal);
  }
}

/** The leaf of the batch that the touched row is in: the first behind the touch that decides on its table. */
async function firstLeafOf(
  governance: GovernanceClient,
  { route, sink, logical, touched }: { route: string; sink: string; logical: string; touched: Touched },
): Promise<FoundLeaf | null> {
  const until = parseLsn(touched.until);
  let position = touched.after;
  for (;;) {
    const leaf = await governance.leafOver(route, sink, position);
    if (leaf === null || parseLsn(leaf.end) <= parseLsn(position)) return null;
    if (leaf.decisions.some((each) => each.logicalName === logical)) return leaf;
    if (parseLsn(leaf.end) >= until) return null;
    position = leaf.end;
  }
}
