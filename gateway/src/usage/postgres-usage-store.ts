import { sql } from 'kysely';
import type { GatewayDatabase } from '../store/gateway-database.ts';
import type { FieldCount, UsageStore } from './usage-store.ts';

const rowsAtOnce = 1_000;

/** Keeps counts in the gateway's database; several gateways add to the same. */
export function createPostgresUsageStore(database: GatewayDatabase): UsageStore {
  return {
    async add(day, counts) {
      const { kysely } = await database.ready();
      // In the order of the key: two gateways that lock rows in different orders wait for each other.
      const sorted = [...counts].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
      await kysely.transaction().execute(async (trx) => {
        await sql`set local statement_timeout = '5s'`.execute(trx);
        for (let at = 0; at < sorted.length; at += rowsAtOnce) {
          await trx
            .insertInto('field_usage')
            .values(sorted.slice(at, at + rowsAtOnce).map((count) => ({ day, ...count })))
            .onConflict((conflict) =>
              conflict.columns(['day', 'type', 'field', 'client']).doUpdateSet({
                count: ({ ref }) => sql<bigint>`${ref('field_usage.count')} + ${ref('excluded.count')}`,
              }),
            )
            .execute();
        }
      });
    },
    async since(day) {
      const { kysely } = await database.ready();
      const rows = await kysely
        .selectFrom('field_usage')
        .select(({ fn }) => [
          'type',
          'field',
          fn.sum<string>('count').as('count'),
          sql<string>`to_char(min(day), 'YYYY-MM-DD')`.as('first'),
        ])
        .where('day', '>=', day)
        .groupBy(['type', 'field'])
        .orderBy('type')
        .orderBy('field')
        .execute();
      const [from = null] = rows.map(({ first }) => first).sort();
      return {
        from,
        fields: Object.fromEntries(rows.map(({ type, field, count }) => [`${type}.${field}`, Number(count)])),
      };
    },
    async cut(before) {
      const { kysely } = await database.ready();
      await kysely.deleteFrom('field_usage').where('day', '<', before).execute();
    },
  };
}

function keyOf({ type, field, client }: FieldCount): string {
  return `${type} ${field} ${client}`;
}
