import { canonicalJson, sha256Hex } from '@spine/kernel/canonical-json';
import { Problem } from '@spine/kernel/problem';
import type { Database } from '@spine/platform/postgres/create-database';
import type { Transaction } from 'kysely';
import type { RunOperationKind } from '../domain/route-operation.ts';
import type { CdcTables } from '../store/cdc-tables.ts';
import { recordOperation } from '../store/route-operations.ts';
import { listTables, type RouteTable, saveTable } from '../store/route-tables.ts';
import { findRoute, pauseRoute, restartRoute, resumeRoute } from '../store/routes.ts';

/** What is asked of a route, and by whom. */
export interface OperateRoute {
  readonly route: string;
  readonly kind: RunOperationKind;
  /** For a resnapshot: `schema.table`; none means all of the route. */
  readonly tables?: readonly string[];
  readonly reason?: string | null;
  readonly principal: string;
  readonly idempotencyKey: string;
}

/**
 * Pauses a route, lets it run again, or has tables copied in full again, and records it. A pause lets the batch under way end and
 * keeps the slot: the source's WAL waits. A table that is copied again keeps its rows at the sink until the copy stands, in one
 * transaction. The same key again does nothing. Throws ROUTE_NOT_FOUND, INPUT_INVALID or CONFLICT.
 */
export async function operateRoute(database: Database<CdcTables>, asked: OperateRoute): Promise<void> {
  const { route, kind, tables = [], reason = null, principal, idempotencyKey } = asked;
  const requestDigest = sha256Hex(canonicalJson({ route, kind, tables, reason }));
  await database.kysely.transaction().execute(async (trx) => {
    if ((await findRoute(trx, route)) === undefined) {
      throw new Problem('ROUTE_NOT_FOUND', `there is no route ${route}`, {
        fix: '`spine status` lists the routes.',
        path: 'route',
      });
    }
    const recorded = await recordOperation(trx, {
      route,
      kind,
      tables,
      reason,
      principal,
      idempotencyKey,
      requestDigest,
    });
    if (recorded !== 'recorded') return assertSameRequest(recorded.requestDigest, requestDigest);
    switch (kind) {
      case 'pause':
        return await pauseRoute(trx, route, { by: principal, reason });
      case 'resume':
        return await resumeRoute(trx, route);
      case 'resnapshot': {
        for (const table of await tablesAsked(trx, route, tables)) {
          await saveTable(trx, table, { state: 'pending', recopy: true });
        }
        return await restartRoute(trx, route);
      }
    }
  });
}

async function tablesAsked(
  trx: Transaction<CdcTables>,
  route: string,
  names: readonly string[],
): Promise<readonly RouteTable[]> {
  const known = await listTables(trx, [route]);
  const nameOf = ({ schema, table }: RouteTable): string => `${schema}.${table}`;
  const missing = names.filter((name) => !known.some((table) => nameOf(table) === name));
  if (missing.length > 0) {
    throw new Problem('INPUT_INVALID', `route ${route} has no table ${missing.join(', ')}`, {
      fix: `Its tables are ${known.map(nameOf).join(', ') || 'not known yet'}.`,
      path: 'tables',
    });
  }
  const asked = names.length === 0 ? known : known.filter((table) => names.includes(nameOf(table)));
  // What policy denies is not copied, whoever asks; it is when policy allows it.
  return asked.filter((table) => table.state !== 'denied');
}

/** Throws CONFLICT when a key stands for another request. */
export function assertSameRequest(known: string, asked: string): void {
  if (known === asked) return;
  throw new Problem('CONFLICT', 'this idempotency key was used for another request', {
    fix: 'Give every request a key of its own, and repeat a key only with the same request.',
    path: 'idempotencyKey',
  });
}
