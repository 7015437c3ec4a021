import { formatLsn } from '@spine/kernel/lsn';
import type pg from 'pg';
import type { LetterPlace } from '../domain/dead-letter-box.ts';

/** The fence of a replay: one row when the epoch is ours and the checkpoint is where the replay believes it, else none. */
export const replayFenceStatement = `update _spine.checkpoint
  set changes = changes + $4::int8, updated_at = clock_timestamp()
  where route = $1 and epoch = $2::int8 and lsn = $3::pg_lsn`;

/** Creates the table of marks where it is missing; only a sink that has seen a replay has it. */
export async function installMarks(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ ready: boolean }>(
    `select to_regclass('_spine.replayed') is not null as ready`,
  );
  if (rows[0]?.ready === true) return;
  await client.query(`
    create table if not exists _spine.replayed (
      route text not null,
      schema_name text not null,
      table_name text not null,
      commit_lsn pg_lsn not null,
      ordinal int not null,
      primary key (route, schema_name, table_name, commit_lsn, ordinal)
    )`);
}

/** Marks dead letters as applied, in the transaction that is open. */
export async function markLetters(
  client: pg.Client,
  route: string,
  letters: readonly LetterPlace[],
): Promise<void> {
  await client.query(
    `insert into _spine.replayed (route, schema_name, table_name, commit_lsn, ordinal)
     select $1, * from ${places}`,
    [route, ...columnsOf(letters)],
  );
}

/** The letters that are marked. */
export async function findMarks(
  client: pg.Client,
  route: string,
  letters: readonly LetterPlace[],
): Promise<readonly LetterPlace[]> {
  const { rows } = await client.query<{ place: number }>(
    `select (wanted.place - 1)::int as place
     from unnest($2::text[], $3::text[], $4::pg_lsn[], $5::int[])
       with ordinality as wanted (schema_name, table_name, commit_lsn, ordinal, place)
     join _spine.replayed using (schema_name, table_name, commit_lsn, ordinal)
     where replayed.route = $1`,
    [route, ...columnsOf(letters)],
  );
  const found = new Set(rows.map(({ place }) => place));
  return letters.filter((_, place) => found.has(place));
}

/** Takes the marks of these letters away. */
export async function deleteMarks(
  client: pg.Client,
  route: string,
  letters: readonly LetterPlace[],
): Promise<void> {
  await client.query(
    `delete from _spine.replayed where route = $1
     and (schema_name, table_name, commit_lsn, ordinal) in (select * from ${places})`,
    [route, ...columnsOf(letters)],
  );
}

const places =
  'unnest($2::text[], $3::text[], $4::pg_lsn[], $5::int[]) as place (schema_name, table_name, commit_lsn, ordinal)';

function columnsOf(letters: readonly LetterPlace[]) {
  return [
    letters.map(({ schema }) => schema),
    letters.map(({ table }) => table),
    letters.map(({ commitLsn }) => formatLsn(commitLsn)),
    letters.map(({ ordinal }) => ordinal),
  ] as const;
}
