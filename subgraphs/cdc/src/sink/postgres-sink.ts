import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import { connectSink, type SinkConnection } from './connect-sink.ts';
import { createPostgresSession } from './postgres-session.ts';
import { takeRouteLock } from './route-lock.ts';
import type { Sink } from './sink.ts';
import { installState, listCompleteTables, raiseEpoch } from './sink-state.ts';

export interface PostgresSinkOptions {
  readonly url: string;
  readonly route: string;
  readonly log: Log;
  readonly clock: Clock;
  /** How long a session of the route that is still there is left alone before it is ended. */
  readonly lockWaitMs?: number;
}

/** A Postgres database as the sink of one route. Connects when it is taken over; the checkpoint lives in its own transactions. */
export function createPostgresSink(options: PostgresSinkOptions): Sink {
  const { url, route, log, clock } = options;
  const open = new Set<SinkConnection>();

  async function connect(): Promise<SinkConnection> {
    const connection = await connectSink({ url, route, log });
    const tracked: SinkConnection = {
      client: connection.client,
      async close() {
        open.delete(tracked);
        await connection.close();
      },
    };
    open.add(tracked);
    return tracked;
  }

  return {
    async takeOver(signal) {
      signal.throwIfAborted();
      const connection = await connect();
      const { client } = connection;
      try {
        await installState(client);
        const waitMs = options.lockWaitMs;
        await takeRouteLock({
          client,
          route,
          clock,
          log,
          signal,
          ...(waitMs !== undefined && { waitMs }),
        });
        const { epoch, checkpoint } = await raiseEpoch(client, route);
        const tables = await listCompleteTables(client, route);
        return createPostgresSession({ connection, fence: { route, epoch }, checkpoint, tables, log });
      } catch (error) {
        await connection.close();
        throw error;
      }
    },
    async close() {
      await Promise.all([...open].map((connection) => connection.close()));
    },
  };
}
