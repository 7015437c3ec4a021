import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** One request as it goes over the wire, made before anything is timed. */
export type RequestBytes = Buffer;

/** What came back: the status, and the body as bytes of the connection's own, good until its next request. */
export interface BareAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** A keep-alive connection that asks one thing at a time. */
export interface HttpConnection {
  ask(request: RequestBytes): Promise<BareAnswer>;
  close(): void;
}

/** Writes a request down; a body is sent as JSON. */
export function requestBytes(
  method: 'GET' | 'POST',
  url: URL,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): RequestBytes {
  const text = body === undefined ? '' : JSON.stringify(body);
  const sent: Record<string, string> = { host: url.host, ...headers };
  if (body !== undefined) {
    sent['content-type'] = 'application/json';
    sent['content-length'] = String(Buffer.byteLength(text));
  }
  const lines = Object.entries(sent).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n${text}`);
}

/**
 * Connects. A client of the bench's own, because the load generator shares the two cores with what it measures: it reads
 * the status and the length of an answer and nothing else, which costs a fifth of what a whole client does.
 */
export async function openConnection({ hostname, port }: URL): Promise<HttpConnection> {
  const socket: Socket = connect(Number(port), hostname);
  socket.setNoDelay(true);
  await once(socket, 'connect');
  let received: Buffer = Buffer.alloc(0);
  let waiting: { resolve(answer: BareAnswer): void; reject(error: Error): void } | undefined;

  const fail = (error: Error): void => {
    waiting?.reject(error);
    waiting = undefined;
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the registry closed the connection')));
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const answer = readAnswer(received);
    if (answer === undefined) return;
    received = Buffer.alloc(0);
    const asker = waiting;
    waiting = undefined;
    asker?.resolve(answer);
  });

  return {
    ask(request) {
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      });
    },
    close: () => socket.destroy(),
  };
}

/** A whole answer with a content-length, or undefined while some of it is still to come. */
function readAnswer(bytes: Buffer): BareAnswer | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`an answer without a length: ${head}`);
  const bodyStart = headEnd + 4;
  if (bytes.length < bodyStart + Number(length)) return undefined;
  return { status: Number(head.slice(9, 12)), body: bytes.subarray(bodyStart, bodyStart + Number(length)) };
}
