import { Problem } from '@spine/kernel/problem';
import pg from 'pg';
import { z } from 'zod';
import type { DeliveredTable } from '../../domain/delivery.ts';
import { treatText } from '../../domain/treat-text.ts';
import { bucketOf, digestOf, type RowDigest } from '../../domain/verify/row-digest.ts';
import { selectDigests, selectValues } from './verify-select.ts';

export type Side = 'source' | 'sink';

/** One side of a comparison, as one moment saw it. */
export interface SideView {
  /** The end of the WAL when it was opened: what it shows was committed before. */
  readonly position: string;
  /** Its rows, some thousand at a time; only those of some buckets when told so. */
  rows(table: DeliveredTable, buckets: ReadonlySet<number> | null): AsyncGenerator<readonly RowDigest[]>;
  close(): Promise<void>;
}

const rowsAtOnce = 5_000;
// The same text of a value on both sides, whatever their defaults.
const settings = `
  set search_path = pg_catalog;
  set client_encoding = 'UTF8';
  set timezone = 'UTC';
  set datestyle = 'ISO';
  set intervalstyle = 'postgres';
  set extra_float_digits = 1;
  set bytea_output = 'hex';
  set statement_timeout = 0;
  set idle_in_transaction_session_timeout = 0`;
const digestRow = z.object({ bucket: z.coerce.number(), digest: z.string(), key: z.string().nullable() });

/** Opens a side: everything is read in one snapshot, and nothing is written. */
export async function openSide(url: string, side: Side, route: string): Promise<SideView> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `spine verify ${route}`,
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(settings);
    await client.query('begin isolation level repeatable read read only');
    // The snapshot is taken by the first statement; what it shows lies before the position read after it.
    await client.query('select 1');
    const { rows } = await client.query<{ position: string }>(
      'select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end::text as position',
    );
    return {
      position: rows[0]?.position ?? '0/0',
      rows: (table, buckets) => readRows(client, side, table, buckets),
      close: () => client.end().catch(() => undefined),
    };
  } catch (error) {
    await client.end().catch(() => undefined);
    throw new Problem(
      side === 'source' ? 'SOURCE_UNREACHABLE' : 'SINK_UNREACHABLE',
      `the ${side} cannot be read`,
      {
        fix: `Check that the ${side} of ${route} runs and accepts connections.`,
        cause: error,
      },
    );
  }
}

async function* readRows(
  client: pg.Client,
  side: Side,
  table: DeliveredTable,
  buckets: ReadonlySet<number> | null,
): AsyncGenerator<readonly RowDigest[]> {
  const governed = side === 'source' && table.obligations.size > 0;
  const { text } = governed
    ? selectValues(table)
    : selectDigests(table, buckets === null ? null : [...buckets]);
  const digest = governed ? digestUnderPolicy(table) : digestAt;
  await client.query(`declare verify_rows no scroll cursor for ${text}`);
  try {
    for (;;) {
      const { rows } = await client.query<unknown[]>({
        text: `fetch ${rowsAtOnce} from verify_rows`,
        rowMode: 'array',
      });
      if (rows.length === 0) return;
      const digests = rows.map(digest);
      yield buckets === null ? digests : digests.filter(({ bucket }) => buckets.has(bucket));
    }
  } finally {
    await client.query('close verify_rows').catch(() => undefined);
  }
}

function digestAt([bucket, digest, key]: readonly unknown[]): RowDigest {
  return digestRow.parse({ bucket, digest, key });
}

/** What the row is at the sink, by policy. */
function digestUnderPolicy({ relation, obligations, obligationKey }: DeliveredTable) {
  const treatments = relation.columns.map(({ name }) => {
    const obligation = obligations.get(name);
    return obligation === undefined ? null : treatText(obligation, obligationKey);
  });
  return (row: readonly unknown[]): RowDigest => {
    const values = treatments.map((treat, index) => {
      const value = row[index];
      if (typeof value !== 'string') return null;
      return treat === null ? value : treat(value);
    });
    const digest = digestOf(values);
    const key = relation.key.map((index) => values[index] ?? null);
    return key.length === 0
      ? { bucket: bucketOf(digest), digest, key: null }
      : { bucket: bucketOf(digestOf(key)), digest, key: key.join(', ') };
  };
}
