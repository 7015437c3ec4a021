import { genesisHash } from '@spine/kernel/hash-chain';
import { sql } from 'kysely';
import type { GatewayDatabase } from '../store/gateway-database.ts';
import type { AuditStore } from './audit-store.ts';
import { chainRecords } from './chain-records.ts';

const columns = ['seq', 'at', 'body', 'prev_hash as prevHash', 'hash'] as const;

/** Keeps the chain in Postgres. An advisory lock makes the appends of all gateways one after the other. */
export function createPostgresAuditStore(database: GatewayDatabase): AuditStore {
  return {
    async append(records) {
      const { kysely } = await database.ready();
      return await kysely.transaction().execute(async (trx) => {
        // Nobody waits for an audit log that does not move, nor for the lock of a gateway that was cut off.
        await sql`select set_config('statement_timeout', '5000', true),
          set_config('idle_in_transaction_session_timeout', '10000', true)`.execute(trx);
        await sql`select pg_advisory_xact_lock(hashtextextended('gateway.audit', 0))`.execute(trx);
        const head = await trx
          .selectFrom('audit')
          .select(['seq', 'hash'])
          .orderBy('seq', 'desc')
          .limit(1)
          .executeTakeFirst();
        const entries = chainRecords(head ?? { seq: 0n, hash: genesisHash }, records);
        await trx
          .insertInto('audit')
          .values(
            entries.map(({ seq, at, body, prevHash, hash }) => ({
              seq,
              at,
              body,
              prev_hash: prevHash,
              hash,
            })),
          )
          .execute();
        return entries;
      });
    },
    async list({ after, limit, from, to }) {
      const { kysely } = await database.ready();
      let query = kysely.selectFrom('audit').select(columns).where('seq', '>', after);
      if (from !== undefined) {
        query = query.where('seq', '>=', (eb) =>
          eb
            .selectFrom('audit as first')
            .select(({ fn }) => fn.min('first.seq').as('seq'))
            .where('first.at', '>=', from),
        );
      }
      if (to !== undefined) {
        query = query.where('seq', '<=', (eb) =>
          eb
            .selectFrom('audit as last')
            .select(({ fn }) => fn.max('last.seq').as('seq'))
            .where('last.at', '<', to),
        );
      }
      return await query.orderBy('seq').limit(limit).execute();
    },
  };
}
