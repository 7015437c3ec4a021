import pg from 'pg';

/** Asks a sink how far a route has come, as often as one likes over one connection. */
export function readCheckpoint(
  sinkUrl: string,
  route: string,
): { read(): Promise<string | null>; close(): Promise<void> } {
  let client: Promise<pg.Client> | null = null;
  const connected = (): Promise<pg.Client> => {
    client ??= (async () => {
      const opened = new pg.Client({ connectionString: sinkUrl, application_name: `spine verify ${route}` });
      opened.on('error', () => {
        client = null;
      });
      await opened.connect();
      return opened;
    })();
    return client;
  };
  return {
    async read() {
      const { rows } = await (await connected()).query<{ lsn: string | null }>(
        'select lsn::text from _spine.checkpoint where route = $1',
        [route],
      );
      return rows[0]?.lsn ?? null;
    },
    async close() {
      await (await client?.catch(() => null))?.end().catch(() => undefined);
    },
  };
}
