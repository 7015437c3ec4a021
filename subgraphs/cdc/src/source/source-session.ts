import type pg from 'pg';
import { connectSource, endClient, type SourceAddress } from './connect-source.ts';

/** Runs one statement and answers its rows. */
export type Query = <T extends pg.QueryResultRow>(
  text: string,
  values?: readonly unknown[],
) => Promise<readonly T[]>;

/** The ordinary connection of a source: catalogue, heartbeats, slots. Opens when first asked, and anew after a loss. */
export interface SourceSession {
  readonly query: Query;
  close(): Promise<void>;
}

/** Opens nothing yet. */
export function createSourceSession(address: SourceAddress): SourceSession {
  let client: Promise<pg.Client> | null = null;

  function connected(): Promise<pg.Client> {
    if (client !== null) return client;
    const connecting = connectSource(address, 'ordinary');
    client = connecting;
    const forget = (): void => {
      if (client === connecting) client = null;
    };
    connecting.then((opened) => opened.on('end', forget), forget);
    return connecting;
  }

  return {
    query: async (text, values) => await queryRows(await connected(), text, values),
    async close() {
      const opened = await client?.catch(() => null);
      client = null;
      if (opened) await endClient(opened);
    },
  };
}

/** Runs one statement on a connection of the caller's. */
export async function queryRows<T extends pg.QueryResultRow>(
  client: pg.Client,
  text: string,
  values?: readonly unknown[],
): Promise<readonly T[]> {
  const { rows } = await client.query<T>(text, values === undefined ? undefined : [...values]);
  return rows;
}
