import type { Duplex } from 'node:stream';
import { Problem } from '@spine/kernel/problem';
import { connectSource, type SourceAddress } from './connect-source.ts';
import { readServerError, sqlStateOf } from './server-error.ts';
import { createWireFrames } from './wire-frames.ts';

const closeMs = 1_000;

export interface ReplicationSocketInput {
  readonly address: SourceAddress;
  /** START_REPLICATION and its options. */
  readonly command: string;
  /** Sees the body of each CopyData message; false halts behind it until `resume`. May throw: that ends the stream. */
  readonly onCopyData: (bytes: Buffer, start: number, end: number) => boolean;
  /** Called once when the stream ends for whatever cause but `close`. */
  readonly onLost: (error: unknown) => void;
}

/** A connection that has become a stream. */
export interface ReplicationSocket {
  write(frame: Buffer): void;
  /** Stops and starts the flow from the server. */
  setPaused(paused: boolean): void;
  /** Goes on after `onCopyData` has halted. */
  resume(): void;
  /** Sends a last frame, says goodbye and waits a moment for the server to let go of the slot. */
  close(last: Buffer): Promise<void>;
}

/**
 * Connects, sends the command and resolves when the server has answered with CopyBoth. From then on the socket is read here
 * and not by `pg`: messages are cut once, and the flow is stopped exactly where we want. Rejects with the server's error.
 */
export async function openReplicationSocket(input: ReplicationSocketInput): Promise<ReplicationSocket> {
  const client = await connectSource(input.address, 'replication');
  const socket = client.connection.stream;
  let state: 'starting' | 'streaming' | 'over' = 'starting';
  let settleStart: { resolve(): void; reject(error: unknown): void } | null = null;

  function lose(error: unknown): void {
    if (state === 'over') return;
    const before = state;
    state = 'over';
    socket.destroy();
    if (before === 'starting') settleStart?.reject(error);
    else input.onLost(error);
  }

  const frames = createWireFrames((type, bytes, start, end) => {
    if (state === 'over') return true;
    switch (type) {
      case 0x64: // d: CopyData
        return input.onCopyData(bytes, start, end);
      case 0x57: // W: CopyBothResponse
        state = 'streaming';
        settleStart?.resolve();
        return true;
      case 0x45: // E
        lose(startProblem(readServerError(bytes, start, end), input.address.route, state));
        return true;
      case 0x4e: // N: notice, S: parameter status
      case 0x53:
        return true;
      case 0x63: // c: CopyDone, as at a shutdown
        lose(new Error('the source ended the stream'));
        return true;
      default:
        lose(new Error(`the source sent an unexpected message of type 0x${type.toString(16)}`));
        return true;
    }
  });

  // Whatever goes wrong while bytes are read belongs to the stream, not to the process.
  const guarded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      lose(error);
    }
  };

  socket.removeAllListeners('data');
  socket.on('data', (chunk: Buffer) => guarded(() => frames.push(chunk)));
  socket.on('error', lose);
  socket.on('close', () => lose(new Error('the connection to the source was closed')));
  await new Promise<void>((resolve, reject) => {
    settleStart = { resolve, reject };
    socket.write(queryFrame(input.command));
  });

  return {
    write(frame) {
      if (state === 'streaming' && socket.writable) socket.write(frame);
    },
    setPaused(paused) {
      if (state !== 'streaming') return;
      if (paused) socket.pause();
      else socket.resume();
    },
    resume: () => guarded(() => frames.resume()),
    async close(last) {
      if (state === 'over') {
        socket.destroy();
        return;
      }
      state = 'over';
      await endSocket(socket, last);
    },
  };
}

/** What still flows in is read and dropped: a server that cannot write would not read our goodbye either. */
async function endSocket(socket: Duplex, last: Buffer): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, closeMs);
    socket.once('close', resolve);
    socket.resume();
    if (socket.writable) socket.end(Buffer.concat([last, terminateFrame]));
    else resolve();
  });
  clearTimeout(timer);
  socket.destroy();
}

const terminateFrame = Buffer.from([0x58, 0, 0, 0, 4]);

function queryFrame(text: string): Buffer {
  const body = Buffer.from(`${text}\0`);
  const head = Buffer.alloc(5);
  head[0] = 0x51;
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** An error in answer to the command, told by what mends it; once the stream runs, the server's error as it is. */
function startProblem(error: Error, route: string, state: 'starting' | 'streaming'): unknown {
  if (state === 'streaming') return error;
  switch (sqlStateOf(error)) {
    case '42704':
    case '55000':
    case '58P01':
      return new Problem('SLOT_LOST', `route ${route}: the source cannot stream from the slot`, {
        fix: 'Run `spine apply` to make the slot anew and copy every table again.',
        cause: error,
      });
    case '53300':
      return new Problem('SOURCE_SLOTS_EXHAUSTED', `route ${route}: the source has no walsender free`, {
        fix: 'Raise max_wal_senders at the source and restart it, or stop a replication client.',
        cause: error,
      });
    default:
      return error;
  }
}
