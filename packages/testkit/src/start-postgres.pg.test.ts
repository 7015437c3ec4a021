import pg from 'pg';
import { expect, test } from 'vitest';
import { findPostgres15, startPostgres } from './start-postgres.ts';

const has15 = findPostgres15() !== null;
if (!has15) process.stderr.write('skipped: there is no Postgres 15 on this machine\n');

test.each([
  { version: 'embedded', major: 18 },
  ...(has15 ? [{ version: '15', major: 15 } as const] : []),
] as const)(
  'a server of version $version is that version, with logical decoding, and lives on after a kill',
  async ({ version, major }) => {
    const server = await startPostgres({ version, settings: { wal_sender_timeout: '7s' } });
    try {
      const ask = async (text: string): Promise<string> => {
        const client = new pg.Client({ connectionString: server.url });
        await client.connect();
        const { rows } = await client.query({ text, rowMode: 'array' });
        await client.end();
        return String(rows[0]?.[0]);
      };
      expect(Math.floor(Number(await ask('show server_version_num')) / 10_000)).toBe(major);
      expect(await ask('show wal_level')).toBe('logical');
      expect(await ask('show wal_sender_timeout')).toBe('7s');
      await ask('create table kept as select 1');
      await server.kill9();
      await expect(ask('select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
      await server.restart();
      expect(await ask('select count(*) from kept')).toBe('1');
    } finally {
      await server.stop();
    }
  },
);
