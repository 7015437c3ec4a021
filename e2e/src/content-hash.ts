import pg from 'pg';

export interface TableContent {
  readonly rows: number;
  readonly hash: string;
}

/** Row count and an order-free content hash of one table: two 64-bit sums over md5 of each row's text. */
export async function contentOf(url: string, table: string, columns = '*'): Promise<TableContent> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`set timezone = 'UTC'`);
    const { rows } = await client.query<{ rows: string; hash: string }>(
      `select count(*)::text as rows,
              coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint::numeric), 0)::text || ':' ||
              coalesce(sum(('x' || substr(md5(t::text), 16, 15))::bit(60)::bigint::numeric), 0)::text as hash
       from (select ${columns} from ${table}) t`,
    );
    return { rows: Number(rows[0]?.rows), hash: rows[0]?.hash ?? '' };
  } finally {
    await client.end();
  }
}

/** Runs one statement on its own connection. */
export async function runSql<Row extends pg.QueryResultRow>(
  url: string,
  sql: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** The same server, another database. */
export function databaseUrl(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.toString();
}

/** Holds the tables still while `work` runs: writers wait, readers and the WAL do not. */
export async function whileStill<T>(
  url: string,
  tables: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`lock table ${tables.join(', ')} in share mode`);
    return await work();
  } finally {
    await client.query('rollback').catch(() => undefined);
    await client.end();
  }
}
