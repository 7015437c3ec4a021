import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { StreamEvent } from '../subscriptions/stream-event.ts';
import { createDrainWatch } from './drain-watch.ts';
import type { EventOutlet } from './pump-events.ts';

/** The way out to a client over its socket, which its operations share. */
export interface SocketOutlet {
  /** The outlet of one operation, by the client's id for it. */
  forOperation(id: string, onSent: (event: StreamEvent) => void): EventOutlet;
  /** The socket is closed. */
  close(): void;
}

// What waits in the process for one client, besides what the system holds for it: enough to keep a fast one busy.
const mostWaitingBytes = 65_536;

/**
 * Writes `next` messages of graphql-transport-ws. What is sent within one turn of the event loop goes out in one write:
 * for small events the call into the system is the dearest part.
 */
export function createSocketOutlet(socket: WebSocket, below: Pick<Socket, 'cork' | 'uncork'>): SocketOutlet {
  let corked = false;
  const uncork = (): void => {
    corked = false;
    below.uncork();
  };
  const isFull = (): boolean => socket.bufferedAmount > mostWaitingBytes;
  const watch = createDrainWatch(isFull);
  const taken = (): void => watch.progressed();
  return {
    forOperation(id, onSent) {
      const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
      return {
        send(event) {
          if (socket.readyState !== socket.OPEN) return;
          if (!corked) {
            corked = true;
            below.cork();
            setImmediate(uncork);
          }
          socket.send(`${head}${event.text}}`, taken);
          onSent(event);
        },
        isFull,
        drained: (withinMs) => watch.drained(withinMs),
      };
    },
    close: () => watch.end(),
  };
}
