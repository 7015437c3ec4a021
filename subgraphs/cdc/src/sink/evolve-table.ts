import { Problem } from '@spine/kernel/problem';
import pg from 'pg';
import type { DeliveredTable } from '../domain/delivery.ts';
import { tableKey } from '../domain/relation.ts';
import type { Claim } from './claim-table.ts';
import type { FoundColumn, FoundTable } from './found-table.ts';
import { quoteTable } from './quote-name.ts';
import type { WantedColumn } from './wanted-column.ts';

/**
 * Brings a table that stands to the wanted shape: new columns are added, a modifier that changed is followed, columns that the
 * source no longer has stay and may be null. A table that is not this route's is taken only when it is empty. Where values
 * would have to be converted, a table that is copied anew is emptied first (an obligation makes a number text); any other
 * throws Problem('SINK_TABLE_CONFLICT').
 */
export async function evolveTable(
  client: pg.Client,
  table: DeliveredTable,
  wanted: readonly WantedColumn[],
  found: FoundTable,
  claim: Claim,
): Promise<void> {
  const target = quoteTable(table.relation);
  if (found.kind !== 'r' && found.kind !== 'p') throw conflict(table, 'what stands there is not a table');
  if (claim === 'new' && !(await isEmpty(client, target))) {
    throw conflict(table, 'the table exists, has rows, and was not filled by this route');
  }
  const alterations: string[] = [];
  for (const want of wanted) {
    const there = found.columns.find((column) => column.name === want.name);
    if (there === undefined)
      alterations.push(`add column ${pg.escapeIdentifier(want.name)} ${want.typeText}`);
    else alterations.push(...(await alterColumn(client, table, want, there, claim)));
  }
  const names = new Set(wanted.map((column) => column.name));
  for (const column of found.columns) {
    if (names.has(column.name) || !column.notNull) continue;
    if (claim === 'new')
      throw conflict(table, `its column ${column.name} must have a value that no row brings`);
    alterations.push(`alter column ${pg.escapeIdentifier(column.name)} drop not null`);
  }
  const key = newKey(table, wanted, found, claim);
  if (key !== null && key.length > 0) alterations.push(`add primary key (${key.join(', ')})`);
  try {
    if (claim === 'refill' && (key !== null || alterations.some((one) => one.endsWith(emptied)))) {
      await client.query(`truncate ${target}`);
    }
    if (key !== null && found.keyConstraint !== null) {
      // Before anything else: no column of a key lets go of its not null.
      await client.query(`alter table ${target} drop constraint ${pg.escapeIdentifier(found.keyConstraint)}`);
    }
    if (alterations.length > 0) await client.query(`alter table ${target} ${alterations.join(', ')}`);
  } catch (error) {
    // Classes 22 and 23: rows that are there do not fit. 0A000 and 2BP01: views or keys of others hold on to a column.
    if (!(error instanceof pg.DatabaseError) || !/^(2[23]|0A000|2BP01)/.test(error.code ?? '')) throw error;
    throw conflict(table, `it cannot be brought to the new shape (SQLSTATE ${error.code})`, error);
  }
}

/** Ends an alteration that no value survives. */
const emptied = ' using null';

async function alterColumn(
  client: pg.Client,
  table: DeliveredTable,
  want: WantedColumn,
  there: FoundColumn,
  claim: Claim,
): Promise<readonly string[]> {
  const name = pg.escapeIdentifier(want.name);
  if (there.generated) throw conflict(table, `its column ${want.name} is generated`);
  const alterations: string[] = [];
  if (there.typeText !== want.typeText) {
    const { rows } = await client.query<{ same: boolean }>('select to_regtype($1) = $2::oid as same', [
      want.typeText,
      there.typeOid,
    ]);
    if (rows[0]?.same === true) {
      alterations.push(`alter column ${name} type ${want.typeText}`);
    } else if (claim === 'refill') {
      alterations.push(`alter column ${name} type ${want.typeText}${emptied}`);
    } else {
      throw conflict(
        table,
        `its column ${want.name} is ${there.typeText}, the delivered one ${want.typeText}`,
      );
    }
  }
  if (there.notNull && !want.isKey) alterations.push(`alter column ${name} drop not null`);
  return alterations;
}

/** The key that the table must get, quoted; null when it has it. */
function newKey(
  table: DeliveredTable,
  wanted: readonly WantedColumn[],
  found: FoundTable,
  claim: Claim,
): readonly string[] | null {
  const key = table.relation.key.map((index) => wanted[index]?.name ?? '');
  const same = key.length === found.key.length && key.every((name) => found.key.includes(name));
  if (same) return null;
  if (found.key.length > 0 && claim === 'ours') {
    throw conflict(table, `its primary key is (${found.key.join(', ')}), the source's (${key.join(', ')})`);
  }
  return key.map((name) => pg.escapeIdentifier(name));
}

async function isEmpty(client: pg.Client, target: string): Promise<boolean> {
  const { rowCount } = await client.query(`select from ${target} limit 1`);
  return rowCount === 0;
}

function conflict(table: DeliveredTable, what: string, cause?: unknown): Problem {
  return new Problem('SINK_TABLE_CONFLICT', `sink table ${tableKey(table.relation)}: ${what}`, {
    fix: 'Rename or drop the sink table, then `spine apply` copies it again.',
    ...(cause !== undefined && { cause }),
  });
}
