import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '@spine/platform/embedded/start-embedded-postgres';
import type { Log } from '@spine/platform/log/create-log';

export interface KeptPostgres {
  readonly url: string;
  urlFor(database: string): string;
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
}

const attempts = 10;

/**
 * Starts the home's Postgres and starts it again on the same port whenever it dies, until `stop`: pools and routes find it
 * again by themselves. After ten failures in a row it gives up and says so.
 */
export async function keepPostgres(options: {
  readonly home: string;
  readonly log: Log;
}): Promise<KeptPostgres> {
  const { home, log } = options;
  let stopping = false;
  let current = await startEmbeddedPostgres({ home, log });
  let reviving: Promise<void> | null = null;

  function watch(postgres: EmbeddedPostgres): void {
    postgres.onExit(() => {
      if (stopping || postgres !== current) return;
      log.error({ event: 'postgres.died', port: postgres.port });
      reviving = revive(postgres).catch((error: unknown) => {
        log.error({ event: 'postgres.not_revived', err: error });
      });
    });
  }

  async function revive(dead: EmbeddedPostgres): Promise<void> {
    await dead.stop();
    for (let attempt = 1; !stopping; attempt += 1) {
      try {
        current = await startEmbeddedPostgres({ home, log, port: dead.port });
        watch(current);
        return;
      } catch (error) {
        if (attempt === attempts) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200 * attempt));
      }
    }
  }

  watch(current);
  return {
    get url() {
      return current.url;
    },
    urlFor: (database) => current.urlFor(database),
    createDatabase: (name) => current.createDatabase(name),
    async stop() {
      stopping = true;
      await reviving;
      await current.stop();
    },
  };
}
