import type { WebSocket } from 'ws';
import { createDrainWatch } from './drain-watch.ts';
import type { EventOutlet } from './pump-events.ts';

/** The way out to a client over its socket, which its operations share. */
export interface SocketOutlet {
  /** The outlet of one operation, by the client's id for it. */
  forOperation(id: string, onSent: () => void): EventOutlet;
  /** The socket is closed. */
  close(): void;
}

// What waits in the process for one client, besides what the system holds for it: enough to keep a fast one busy.
const mostWaitingBytes = 65_536;

/** Writes `next` messages of graphql-transport-ws. */
export function createSocketOutlet(socket: WebSocket): SocketOutlet {
  const isFull = (): boolean => socket.bufferedAmount > mostWaitingBytes;
  const watch = createDrainWatch(isFull);
  const taken = (): void => watch.progressed();
  return {
    forOperation(id, onSent) {
      const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
      return {
        send({ text }) {
          if (socket.readyState !== socket.OPEN) return;
          socket.send(`${head}${text}}`, taken);
          onSent();
        },
        isFull,
        drained: (withinMs) => watch.drained(withinMs),
      };
    },
    close: () => watch.end(),
  };
}
