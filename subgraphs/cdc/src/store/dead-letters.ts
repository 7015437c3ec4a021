import { formatLsn, parseLsn } from '@spine/kernel/lsn';
import { type Kysely, sql, type Transaction, type Updateable } from 'kysely';
import type { DeadLetter, Resolution } from '../domain/dead-letter.ts';
import {
  type DeadLetterBox,
  type LetterPlace,
  letterPlaceText,
  type OpenLetter,
  type StoredLetter,
  type TableName,
} from '../domain/dead-letter-box.ts';
import { shapeDigest } from '../domain/dead-letter-payload.ts';
import { tableKey } from '../domain/relation.ts';
import type { CdcTables } from './cdc-tables.ts';
import { finishReplay, nextReplay } from './replays.ts';

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
        .select(['schema_name', 'table_name', 'commit_lsn', 'ordinal', 'keys', 'shape'])
        .where('route', '=', route)
        .where('state', '<>', 'resolved')
        .orderBy('commit_lsn')
        .orderBy('ordinal')
        .execute();
      return rows.map(toOpenLetter);
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
        .set(ended('superseded', null, reason))
        .where('route', '=', route)
        .where('schema_name', '=', schema)
        .where('table_name', '=', table)
        .where('state', '<>', 'resolved')
        .$if(before !== null, (query) =>
          query.where(sql<boolean>`commit_lsn < ${before === null ? null : formatLsn(before)}::pg_lsn`),
        )
        .execute();
    },
    async read(letters) {
      const found: StoredLetter[] = [];
      for (let from = 0; from < letters.length; from += rowsPerInsert) {
        const rows = await db
          .selectFrom('dead_letter')
          .select(['schema_name', 'table_name', 'commit_lsn', 'ordinal', 'keys', 'shape', 'payload'])
          .where('route', '=', route)
          .where('state', '<>', 'resolved')
          .where(amongPlaces(letters.slice(from, from + rowsPerInsert)))
          .execute();
        for (const row of rows) {
          if (row.payload !== null) found.push({ ...toOpenLetter(row), payload: row.payload });
        }
      }
      const order = new Map(letters.map((letter, place) => [letterPlaceText(letter), place]));
      const placeOf = (letter: LetterPlace): number => order.get(letterPlaceText(letter)) ?? 0;
      return found.sort((a, b) => placeOf(a) - placeOf(b));
    },
    async resolve(letters, by) {
      for (let from = 0; from < letters.length; from += rowsPerInsert) {
        await db
          .updateTable('dead_letter')
          .set(ended('replayed', by, null))
          .where('route', '=', route)
          .where('state', '<>', 'resolved')
          .where(amongPlaces(letters.slice(from, from + rowsPerInsert)))
          .execute();
      }
    },
    nextReplay: () => nextReplay(db, route),
    finishReplay: (id, tables) => finishReplay(db, id, tables),
  };
}

/** What every end of a dead letter has in common: it locks no key, and its payload is gone. */
function ended(
  resolution: Resolution,
  by: string | null,
  reason: string | null,
): Updateable<CdcTables['dead_letter']> {
  return {
    state: 'resolved',
    resolution,
    resolved_by: by,
    resolved_reason: reason,
    resolved_at: new Date(),
    payload: null,
    keys: [],
  };
}

function amongPlaces(letters: readonly LetterPlace[]) {
  const places = letters.map(
    ({ schema, table, commitLsn, ordinal }) =>
      sql`(${schema}, ${table}, ${formatLsn(commitLsn)}::pg_lsn, ${ordinal}::int)`,
  );
  return sql<boolean>`(schema_name, table_name, commit_lsn, ordinal) in (${sql.join(places)})`;
}

function toOpenLetter(row: {
  readonly schema_name: string;
  readonly table_name: string;
  readonly commit_lsn: string;
  readonly ordinal: number;
  readonly keys: string[];
  readonly shape: string | null;
}): OpenLetter {
  return {
    schema: row.schema_name,
    table: row.table_name,
    commitLsn: parseLsn(row.commit_lsn),
    ordinal: row.ordinal,
    keys: row.keys,
    shape: row.shape ?? '',
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

/** Gives up dead letters that wait: of some tables (`schema.table`) or all, or of these ids. Answers the tables that lost some. */
export async function discardLetters(
  db: Kysely<CdcTables> | Transaction<CdcTables>,
  route: string,
  asked: {
    readonly tables: readonly string[];
    readonly ids: readonly bigint[];
    readonly by: string;
    readonly reason: string;
  },
): Promise<readonly TableName[]> {
  const { tables, ids, by, reason } = asked;
  const discarded = await db
    .updateTable('dead_letter')
    .set(ended('discarded', by, reason))
    .where('route', '=', route)
    .where('state', '<>', 'resolved')
    .$if(ids.length > 0, (query) => query.where('id', 'in', [...ids]))
    .$if(tables.length > 0, (query) =>
      query.where(sql<boolean>`schema_name || '.' || table_name in (${sql.join(tables)})`),
    )
    .returning(['schema_name', 'table_name'])
    .execute();
  const found = discarded.map((row) => ({ schema: row.schema_name, table: row.table_name }));
  return [...new Map(found.map((table) => [tableKey(table), table])).values()];
}
