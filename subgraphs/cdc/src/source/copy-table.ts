import { PassThrough, pipeline } from 'node:stream';
import { Problem } from '@spine/kernel/problem';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { type Relation, tableKey } from '../domain/relation.ts';
import { connectSource, endClient, type SourceAddress } from './connect-source.ts';
import { queryRows } from './source-session.ts';

interface TableRights {
  readonly kind: string;
  readonly readable: boolean;
  readonly filtered: boolean;
  readonly role: string;
}

/**
 * The rows of one table as COPY binary, as the snapshot saw them, over a connection of their own that ends with the stream.
 * Whoever stops reading, or the signal, ends the copy at the server too. Faults of the world are errors of the stream.
 */
export async function copyTable(
  address: SourceAddress,
  relation: Relation,
  snapshotName: string,
  signal: AbortSignal,
): Promise<NodeJS.ReadableStream> {
  signal.throwIfAborted();
  const client = await connectSource(address, 'ordinary');
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query(`set transaction snapshot ${pg.escapeLiteral(snapshotName)}`);
    const rights = await checkRights(client, address.route, relation);
    signal.throwIfAborted();
    const rows = new PassThrough();
    const copy = client.query(copyTo(copyStatement(relation, rights.kind === 'p')));
    const onAbort = (): void => {
      rows.destroy(signal.reason instanceof Error ? signal.reason : new Error('the copy was cancelled'));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    // Whoever reads sees the error by their own listener; without one it must not end the process.
    rows.on('error', () => undefined);
    pipeline(copy, rows, () => {
      signal.removeEventListener('abort', onAbort);
      void endClient(client);
    });
    return rows;
  } catch (error) {
    await endClient(client);
    throw error;
  }
}

function copyStatement(relation: Relation, partitioned: boolean): string {
  const name = `${pg.escapeIdentifier(relation.schema)}.${pg.escapeIdentifier(relation.table)}`;
  const columns = relation.columns.map((column) => pg.escapeIdentifier(column.name)).join(', ');
  // COPY of a table reads that table alone, and none of its heirs; a partitioned table has its rows in its partitions.
  const rows = partitioned ? `(select ${columns} from ${name})` : `${name} (${columns})`;
  return `copy ${rows} to stdout (format binary)`;
}

/** Row-level security would leave out rows without a word, while the stream brings them all. */
async function checkRights(client: pg.Client, route: string, relation: Relation): Promise<TableRights> {
  const [rights] = await queryRows<TableRights>(
    client,
    `select relkind as kind, has_table_privilege(oid, 'select') as readable,
            row_security_active(oid) as filtered, current_user as role
     from pg_class where oid = $1`,
    [relation.oid],
  );
  if (rights === undefined) {
    throw new Problem('NOT_FOUND', `route ${route}: the source has no table ${tableKey(relation)} any more`);
  }
  const role = pg.escapeIdentifier(rights.role);
  const name = `${pg.escapeIdentifier(relation.schema)}.${pg.escapeIdentifier(relation.table)}`;
  if (!rights.readable) {
    throw new Problem(
      'SOURCE_PRIVILEGE',
      `route ${route}: ${rights.role} may not read ${tableKey(relation)}`,
      {
        fix: `As its owner run: grant select on ${name} to ${role}`,
      },
    );
  }
  if (rights.filtered) {
    throw new Problem(
      'SOURCE_PRIVILEGE',
      `route ${route}: row-level security would hide rows of ${tableKey(relation)} from ${rights.role}`,
      { fix: `As a superuser run: alter role ${role} bypassrls` },
    );
  }
  return rights;
}
