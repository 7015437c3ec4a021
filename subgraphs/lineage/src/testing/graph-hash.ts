import { sha256Hex } from '@spine/kernel/canonical-json';
import type { Database } from '@spine/platform/postgres/create-database';
import type { LineageTables } from '../store/lineage-tables.ts';

/** Everything that is derived from events, in one hash: all rows of all tables but the log and the streams. */
export async function graphHash(database: Database<LineageTables>): Promise<string> {
  const parts: string[] = [];
  for (const table of ['node', 'run', 'run_dataset', 'edge', 'flow', 'facet']) {
    const { rows } = await database.pool.query<{ content: string | null }>(
      `select string_agg(line, E'\\n' order by line collate "C") as content from (select t::text as line from ${table} t) lines`,
    );
    parts.push(`${table}\n${rows[0]?.content ?? ''}`);
  }
  return sha256Hex(parts.join('\n'));
}
