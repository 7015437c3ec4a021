import { canonicalJson, sha256Hex } from '@spine/kernel/canonical-json';
import { formatLsn, parseLsn } from '@spine/kernel/lsn';
import { type Kysely, sql } from 'kysely';
import type { DeadLetter } from '../domain/dead-letter.ts';
import type { DeadLetterBox } from '../domain/dead-letter-box.ts';
import type { Relation } from '../domain/relation.ts';
import type { CdcTables } from './cdc-tables.ts';

/** Rows of one insert: well under the parameters that a statement may have. */
const rowsPerInsert = 1_000;

export interface DeadLetterCount {
  readonly route: string;
  readonly open: number;
  readonly parked: number;
}

/** Open and parked dead letters of each named route; a route without any is not in the answer. */
export async function countDeadLetters(
  db: Kysely<CdcTables>,
  routes: readonly string[],
): Promise<readonly DeadLetterCount[]> {
  const rows = await db
    .selectFrom('dead_letter')
    .select((eb) => [
      'route',
      eb.fn.countAll<bigint>().filterWhere('state', '=', 'failed').as('open'),
      eb.fn.countAll<bigint>().filterWhere('state', '=', 'parked_behind').as('parked'),
    ])
    .where('route', 'in', [...routes])
    .groupBy('route')
    .execute();
  return rows.map((row) => ({ route: row.route, open: Number(row.open), parked: Number(row.parked) }));
}

/** The dead letters of one route. */
export function deadLetterBox(db: Kysely<CdcTables>, route: string): DeadLetterBox {
  return {
    async open() {
      const rows = await db
        .selectFrom('dead_letter')
        .select(['schema_name', 'table_name', 'commit_lsn', 'ordinal', 'keys'])
        .where('route', '=', route)
        .where('state', '<>', 'resolved')
        .orderBy('commit_lsn')
        .orderBy('ordinal')
        .execute();
      return rows.map((row) => ({
        schema: row.schema_name,
        table: row.table_name,
        commitLsn: parseLsn(row.commit_lsn),
        ordinal: row.ordinal,
        keys: row.keys,
      }));
    },
    async park(letters) {
      await db.transaction().execute(async (trx) => {
        const shapes = new Map(letters.map(({ relation }) => [relation, shapeDigest(relation)]));
        for (const [relation, digest] of shapes) {
          await trx
            .insertInto('dead_letter_shape')
            .values({ digest, relation: JSON.stringify(relation) })
            .onConflict((conflict) => conflict.column('digest').doNothing())
            .execute();
        }
        for (let from = 0; from < letters.length; from += rowsPerInsert) {
          const part = letters.slice(from, from + rowsPerInsert);
          await trx
            .insertInto('dead_letter')
            .values(part.map((letter) => toRow(route, letter, shapes.get(letter.relation) ?? null)))
            .onConflict((conflict) =>
              conflict.columns(['route', 'schema_name', 'table_name', 'commit_lsn', 'ordinal']).doNothing(),
            )
            .execute();
        }
      });
    },
    async supersede({ schema, table }, reason, before) {
      await db
        .updateTable('dead_letter')
        .set({
          state: 'resolved',
          resolution: 'superseded',
          resolved_reason: reason,
          resolved_at: new Date(),
          payload: null,
          keys: [],
        })
        .where('route', '=', route)
        .where('schema_name', '=', schema)
        .where('table_name', '=', table)
        .where('state', '<>', 'resolved')
        .$if(before !== null, (query) =>
          query.where(sql<boolean>`commit_lsn < ${before === null ? null : formatLsn(before)}::pg_lsn`),
        )
        .execute();
    },
  };
}

function toRow(route: string, letter: DeadLetter, shape: string | null) {
  const { relation, commitLsn, ordinal, state, reason, keys, payload } = letter;
  return {
    route,
    schema_name: relation.schema,
    table_name: relation.table,
    commit_lsn: formatLsn(commitLsn),
    ordinal,
    state,
    reason,
    keys: [...keys],
    shape,
    payload,
  };
}

/** One digest per shape: a payload is read by the columns under which it was written. */
export function shapeDigest(relation: Relation): string {
  return sha256Hex(canonicalJson(relation));
}
