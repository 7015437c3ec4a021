import { type Lsn, parseLsn } from '@spine/kernel/lsn';
import { Problem } from '@spine/kernel/problem';
import pg from 'pg';
import type { SourceIdentity, TimelineSwitch } from './change-source.ts';
import { connectSource, endClient, type SourceAddress } from './connect-source.ts';

const oldestVersion = 140_000;

/**
 * Asks the server who it is, over the same kind of connection that the stream will use, so that a missing right shows now.
 * Throws Problems for a server that is too old, writes no logical WAL, or does not let us replicate.
 */
export async function identifySource(address: SourceAddress): Promise<SourceIdentity> {
  const client = await connectSource(address, 'replication');
  try {
    const serverVersion = await checkServer(client);
    const { rows } = await client.query<{
      systemid: string;
      timeline: number;
      xlogpos: string;
      dbname: string;
    }>('IDENTIFY_SYSTEM');
    const [row] = rows;
    if (row === undefined) throw new Error('the source does not identify itself');
    const timeline = Number(row.timeline);
    return {
      systemId: row.systemid,
      timeline,
      database: row.dbname,
      serverVersion,
      flushPosition: parseLsn(row.xlogpos),
      timelineSwitches: timeline > 1 ? await readHistory(client, timeline) : [],
    };
  } finally {
    await endClient(client);
  }
}

async function checkServer(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ version: string; wal_level: string }>(
    `select current_setting('server_version_num') as version, current_setting('wal_level') as wal_level`,
  );
  const version = Number(rows[0]?.version);
  if (!(version >= oldestVersion)) {
    throw new Problem('NOT_SUPPORTED', `the source runs Postgres ${Math.floor(version / 10_000)}`, {
      fix: 'Postgres 14 is the oldest version that can be a source.',
    });
  }
  if (rows[0]?.wal_level !== 'logical') {
    throw new Problem('SOURCE_NOT_LOGICAL', `the source runs with wal_level=${rows[0]?.wal_level}`, {
      fix: 'As a superuser run: alter system set wal_level = logical; then restart the server.',
    });
  }
  return version;
}

/** Where each earlier timeline was left. A server without the file answers an error: then nothing can be proven. */
async function readHistory(client: pg.Client, timeline: number): Promise<readonly TimelineSwitch[]> {
  try {
    const { rows } = await client.query<{ content: unknown }>(`TIMELINE_HISTORY ${timeline}`);
    const content = rows[0]?.content;
    const text = Buffer.isBuffer(content) ? content.toString('utf8') : String(content ?? '');
    return parseTimelineHistory(text);
  } catch (error) {
    if (error instanceof pg.DatabaseError) return [];
    throw error;
  }
}

/** Reads a timeline history file: a line per earlier timeline with the position at which it was left. */
export function parseTimelineHistory(text: string): readonly TimelineSwitch[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+([0-9A-Fa-f]+\/[0-9A-Fa-f]+)/.exec(line);
    if (match === null) return [];
    const at: Lsn = parseLsn(match[2] ?? '');
    return [{ timeline: Number(match[1]), at }];
  });
}
