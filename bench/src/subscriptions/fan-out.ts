import WebSocket from 'ws';
import type { GatewayProcess } from '../graph/gateway-process.ts';

const query = `subscription Violations { violations { cursor ... on ViolationRaised {
  violation { id severity dataset { namespace name subject { name latest { semver } } } } } } }`;

export interface FanOutOptions {
  readonly clients: number;
  readonly events: number;
  readonly publish: (howMany: number) => void;
}

/** Lets every client of a gateway receive the same events, each completed by a second subgraph; answers deliveries per second. */
export async function fanOut(
  gateway: GatewayProcess,
  { clients, events, publish }: FanOutOptions,
): Promise<number> {
  const readers = Array.from({ length: clients }, () => openReader(gateway));
  try {
    // A stream begins at the event after it was opened: until every client has seen one, there are more.
    while (readers.some(({ last }) => last() === 0)) {
      publish(1);
      await pause(250);
    }
    const newest = (): number => Math.max(...readers.map(({ last }) => last()));
    await until(() => readers.every(({ last }) => last() === newest()), 'the first events');
    const target = newest() + events;
    const startedAt = performance.now();
    publish(events);
    await until(() => readers.every(({ last }) => last() === target), `${events} events`);
    return (clients * events) / ((performance.now() - startedAt) / 1_000);
  } finally {
    await Promise.all(readers.map(({ close }) => close()));
  }
}

interface Reader {
  /** The number of the last event; each must be the one after that before it. */
  last(): number;
  close(): Promise<void>;
}

/** A bare graphql-transport-ws client: the less it does, the less of the machine it takes from the gateway. */
function openReader({ name, url, headers }: GatewayProcess): Reader {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
    perMessageDeflate: false,
  });
  let last = 0;
  socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: headers })));
  socket.on('message', (frame) => {
    const message = JSON.parse(String(frame));
    switch (message.type) {
      case 'connection_ack':
        socket.send(JSON.stringify({ type: 'subscribe', id: 'one', payload: { query } }));
        return;
      case 'ping':
        socket.send('{"type":"pong"}');
        return;
      case 'next':
        last = numberAfter(last, name, message.payload);
        return;
      default:
        throw new Error(`${name} sent ${String(frame)}`);
    }
  });
  let done = false;
  const closed = new Promise<void>((resolve) => {
    socket.once('close', (code, reason) => {
      if (!done) throw new Error(`${name} closed a stream: ${code} ${String(reason)}`);
      resolve();
    });
  });
  return {
    last: () => last,
    async close() {
      done = true;
      socket.close();
      await closed;
    },
  };
}

/** The number of an event that has every part that was asked for and is the one after `last`. */
function numberAfter(
  last: number,
  name: string,
  { data, errors }: { readonly data?: { readonly violations?: Raised }; readonly errors?: unknown },
): number {
  const event = data?.violations;
  if (errors !== undefined || event?.violation.dataset.subject.name === undefined)
    throw new Error(`${name} sent ${JSON.stringify({ data, errors })}`);
  const number = Number(event.cursor);
  if (last !== 0 && number !== last + 1) throw new Error(`${name} sent ${number} after ${last}`);
  return number;
}

interface Raised {
  readonly cursor: string;
  readonly violation: { readonly dataset: { readonly subject: { readonly name: string } } };
}

async function until(reached: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!reached()) {
    if (performance.now() > deadline) throw new Error(`not everybody got ${what} within a minute`);
    await pause(5);
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
