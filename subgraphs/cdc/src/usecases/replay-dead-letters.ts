import { canonicalJson, sha256Hex } from '@spine/kernel/canonical-json';
import { Problem } from '@spine/kernel/problem';
import type { Database } from '@spine/platform/postgres/create-database';
import type { Transaction } from 'kysely';
import type { OperationKind } from '../domain/route-operation.ts';
import type { CdcTables } from '../store/cdc-tables.ts';
import { discardLetters } from '../store/dead-letters.ts';
import { askReplay } from '../store/replays.ts';
import { operationId, recordOperation } from '../store/route-operations.ts';
import { listTables, saveTable } from '../store/route-tables.ts';
import { findRoute, restartRoute } from '../store/routes.ts';
import { assertSameRequest } from './operate-route.ts';

/** What is asked about the dead letters of a route, and by whom. */
interface Asked {
  readonly route: string;
  /** `schema.table`; none means all of the route. */
  readonly tables: readonly string[];
  readonly principal: string;
  readonly idempotencyKey: string;
}

export interface DiscardDeadLetters extends Asked {
  /** Only these of them; none means all. */
  readonly ids: readonly bigint[];
  readonly reason: string;
}

/**
 * Asks the route's worker to deliver dead letters again, and records it; a dry run only tells what would happen. Answers the
 * replay's id; the same key again answers the same. Throws ROUTE_NOT_FOUND, INPUT_INVALID or CONFLICT.
 */
export async function replayDeadLetters(
  database: Database<CdcTables>,
  asked: Asked & { readonly dryRun: boolean },
): Promise<bigint> {
  const { route, tables, dryRun, principal, idempotencyKey } = asked;
  const digest = sha256Hex(canonicalJson({ kind: 'replay', route, tables, dryRun }));
  return await database.kysely.transaction().execute(async (trx) => {
    await record(trx, 'replay', asked, null, digest);
    const operation = await operationId(trx, principal, idempotencyKey);
    await askReplay(trx, { operation, route, tables, dryRun, by: principal });
    return operation;
  });
}

/**
 * Gives dead letters up, with a reason, and lets their keys go. Rows at the sink may then differ from the source: their tables say so
 * (`diverged`) until they are copied again. Throws ROUTE_NOT_FOUND, INPUT_INVALID or CONFLICT.
 */
export async function discardDeadLetters(
  database: Database<CdcTables>,
  asked: DiscardDeadLetters,
): Promise<void> {
  const { route, tables, ids, reason, principal } = asked;
  const digest = sha256Hex(canonicalJson({ kind: 'discard', route, tables, ids: ids.map(String), reason }));
  await database.kysely.transaction().execute(async (trx) => {
    if (!(await record(trx, 'discard', asked, reason, digest))) return;
    const lost = await discardLetters(trx, route, { tables, ids, reason, by: principal });
    const known = await listTables(trx, [route]);
    for (const { schema, table } of lost) {
      if (known.find((each) => each.schema === schema && each.table === table)?.state !== 'streaming')
        continue;
      await saveTable(
        trx,
        { route, schema, table },
        { state: 'diverged', reason: 'dead letters were discarded; rows may differ from the source' },
      );
    }
    // The worker holds the locks of the keys in memory.
    if (lost.length > 0) await restartRoute(trx, route);
  });
}

/** Answers false when it stands there already. */
async function record(
  trx: Transaction<CdcTables>,
  kind: OperationKind,
  { route, tables, principal, idempotencyKey }: Asked,
  reason: string | null,
  requestDigest: string,
): Promise<boolean> {
  if ((await findRoute(trx, route)) === undefined) {
    throw new Problem('ROUTE_NOT_FOUND', `there is no route ${route}`, {
      fix: '`spine status` lists the routes.',
      path: 'route',
    });
  }
  const known = (await listTables(trx, [route])).map(({ schema, table }) => `${schema}.${table}`);
  const missing = tables.filter((table) => !known.includes(table));
  if (missing.length > 0) {
    throw new Problem('INPUT_INVALID', `route ${route} has no table ${missing.join(', ')}`, {
      fix: `Its tables are ${known.join(', ') || 'not known yet'}.`,
      path: 'tables',
    });
  }
  const operation = { route, kind, tables, reason, principal, idempotencyKey, requestDigest };
  const recorded = await recordOperation(trx, operation);
  if (recorded === 'recorded') return true;
  assertSameRequest(recorded.requestDigest, requestDigest);
  return false;
}
