import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import type { OperationKind } from '../domain/route-operation.ts';
import type { CdcTables } from './cdc-tables.ts';

type Db = Kysely<CdcTables> | Transaction<CdcTables>;

/** What somebody did to a route. */
export interface RouteOperation {
  readonly id: bigint;
  readonly route: string;
  readonly kind: OperationKind;
  /** The tables that were asked for; none means all. */
  readonly tables: readonly string[];
  readonly reason: string | null;
  readonly principal: string;
  readonly at: Date;
}

export interface NewOperation extends Omit<RouteOperation, 'id' | 'at'> {
  readonly idempotencyKey: string;
  readonly requestDigest: string;
}

/** Records an operation, once for a key: answers what stands under it when it was used before. */
export async function recordOperation(
  db: Db,
  operation: NewOperation,
): Promise<'recorded' | { readonly requestDigest: string }> {
  const { tables, idempotencyKey, requestDigest, ...plain } = operation;
  const inserted = await db
    .insertInto('route_operation')
    .values({
      ...plain,
      tables: JSON.stringify(tables),
      idempotency_key: idempotencyKey,
      request_digest: requestDigest,
    })
    .onConflict((conflict) => conflict.columns(['principal', 'idempotency_key']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted !== undefined) return 'recorded';
  const known = await db
    .selectFrom('route_operation')
    .select('request_digest')
    .where('principal', '=', operation.principal)
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirstOrThrow();
  return { requestDigest: known.request_digest };
}

/** The id of the operation that stands under a key. */
export async function operationId(db: Db, principal: string, idempotencyKey: string): Promise<bigint> {
  const { id } = await db
    .selectFrom('route_operation')
    .select('id')
    .where('principal', '=', principal)
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirstOrThrow();
  return id;
}

/** The operations on a route, newest first, before an id. */
export async function listOperations(
  db: Db,
  route: string,
  page: { readonly before: bigint | null; readonly limit: number },
): Promise<readonly RouteOperation[]> {
  const rows = await db
    .selectFrom('route_operation')
    .select(['id', 'route', 'kind', 'tables', 'reason', 'principal', 'at'])
    .where('route', '=', route)
    .$if(page.before !== null, (query) => query.where('id', '<', page.before ?? 0n))
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
  return rows.map((row) => ({ ...row, tables: z.array(z.string()).parse(row.tables) }));
}
