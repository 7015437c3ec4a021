import { Problem } from '@spine/kernel/problem';
import pg from 'pg';
import type { Relation } from '../domain/relation.ts';

/** Where a touched row went into the WAL: its commit lies behind `after` and not behind `until`. */
export interface Touched {
  readonly after: string;
  readonly until: string;
}

/**
 * Updates one row of a table to what it is: a change like any other, that changes nothing. Null when the table has no row. Throws
 * SOURCE_UNREACHABLE, or SOURCE_PRIVILEGE where the route's role may not update the table.
 */
export async function touchRow(sourceUrl: string, relation: Relation): Promise<Touched | null> {
  const table = `${pg.escapeIdentifier(relation.schema)}.${pg.escapeIdentifier(relation.table)}`;
  // A key that is generated always cannot be set, not even to what it is: any other column first.
  const isKey = (index: number): boolean => relation.key.includes(index);
  const plain = relation.columns.findIndex((_, index) => !isKey(index));
  const column = pg.escapeIdentifier(
    relation.columns[plain === -1 ? (relation.key[0] ?? 0) : plain]?.name ?? '',
  );
  const client = new pg.Client({ connectionString: sourceUrl, application_name: 'spine smoke' });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('begin');
    const { rowCount } = await client.query(
      `update ${table} set ${column} = ${column}
       where ctid = (select ctid from ${table} limit 1 for update skip locked)`,
    );
    if (rowCount === 0) return null;
    const after = await position(client);
    await client.query('commit');
    return { after, until: await position(client) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === '42501') {
      throw new Problem('SOURCE_PRIVILEGE', `the role of the source may not update ${table}`, {
        fix: `Grant update on ${table} to it for the test, or touch a row yourself and look at \`spine cdc status\`.`,
        cause: error,
      });
    }
    throw new Problem('SOURCE_UNREACHABLE', `the source failed${code && ` (${code})`}`, { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function position(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ lsn: string }>('select pg_current_wal_insert_lsn()::text as lsn');
  return rows[0]?.lsn ?? '0/0';
}
