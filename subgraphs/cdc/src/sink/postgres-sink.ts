import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import { connectSink, type SinkConnection } from './connect-sink.ts';
import { copyTable } from './copy-table.ts';
import { deliver } from './deliver.ts';
import { prepareTable } from './prepare-table.ts';
import { takeRouteLock } from './route-lock.ts';
import type { Sink, SinkSession } from './sink.ts';
import {
  advanceCheckpoint,
  forgetTable,
  initialiseCheckpoint,
  installState,
  listCompleteTables,
  raiseEpoch,
} from './sink-state.ts';

export interface PostgresSinkOptions {
  readonly url: string;
  readonly route: string;
  readonly log: Log;
  readonly clock: Clock;
}

/** A Postgres as the destination of one route: one connection, taken over by lock and epoch, everything fenced. */
export function createPostgresSink({ url, route, log, clock }: PostgresSinkOptions): Sink {
  const connections = new Set<SinkConnection>();

  return {
    async takeOver(signal) {
      const connection = await connectSink({ url, route, log });
      connections.add(connection);
      const { client } = connection;
      const close = async () => {
        connections.delete(connection);
        await connection.close();
      };
      try {
        await installState(client);
        await takeRouteLock({ client, route, clock, log, signal });
        const { epoch, checkpoint } = await raiseEpoch(client, route);
        const tables = await listCompleteTables(client, route);
        const fence = { route, epoch };
        const session: SinkSession = {
          epoch,
          checkpoint,
          tables,
          initialise: (first) => initialiseCheckpoint(client, fence, first),
          prepareTable: (table) => prepareTable(client, fence, table),
          forgetTable: (schema, table) => forgetTable(client, fence, schema, table),
          copyTable: (input) => copyTable(client, fence, input),
          deliver: (batch) => deliver(client, fence, batch),
          advance: (position) => advanceCheckpoint(client, fence, position),
          close,
        };
        return session;
      } catch (error) {
        await close();
        throw error;
      }
    },
    async close() {
      await Promise.all([...connections].map((connection) => connection.close()));
      connections.clear();
    },
  };
}
