import { formatLsn, type Lsn, lsnZero } from '@spine/kernel/lsn';
import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import pg from 'pg';
import type { SourceTransaction } from '../domain/change.ts';
import type { Relation } from '../domain/relation.ts';
import type { ChangeStream } from './change-source.ts';
import type { SourceAddress } from './connect-source.ts';
import { decodeInBlock, decodePgoutput } from './pgoutput-decoder.ts';
import type { RelationMessage } from './pgoutput-message.ts';
import { insertPublicationName } from './publish-tables.ts';
import type { RelationBook } from './relation-book.ts';
import { readReplicationMessage, statusUpdate } from './replication-message.ts';
import { openReplicationSocket, type ReplicationSocket } from './replication-socket.ts';
import { whileSlotIsActive } from './slots.ts';
import type { Query } from './source-session.ts';
import { createSpool } from './spool/spool.ts';
import { createStreamedTransactions } from './streamed-transactions.ts';
import { createTransactionAssembler } from './transaction-assembler.ts';
import { createTransactionQueue, type QueueCaps } from './transaction-queue.ts';
import { createTupleSlab } from './tuple-slab.ts';
import { watchServer } from './watch-server.ts';

/** Well inside any wal_sender_timeout in use: requests for a reply are not seen while the socket is paused. */
const statusMs = 1_000;
/** After this silence the server is asked for a sign of life, after the second the connection is given up. */
const askMs = 10_000;
const silenceMs = 120_000;

export interface OpenStreamInput {
  readonly address: SourceAddress;
  readonly slotName: string;
  readonly publicationName: string;
  readonly from: Lsn;
  readonly caps: QueueCaps;
  /** Where transactions wait that are too large for memory. */
  readonly spoolFolder: string;
  /** How large that is, in bytes. */
  readonly spoolAbove: number | undefined;
  readonly query: Query;
  readonly book: RelationBook;
  readonly clock: Clock;
  readonly log: Log;
  readonly heartbeatMs: number;
  readonly onFault: ((error: unknown) => void) | undefined;
}

/**
 * Starts the slot at `from` and reads it: socket, frames, messages, transactions, queue. Waits a bounded while for a former
 * reader to let go of the slot.
 */
export async function openStream(input: OpenStreamInput): Promise<ChangeStream> {
  const { address, from, clock } = input;
  const relations = new Map<number, Relation>();
  const keep = createTupleSlab();
  const over = new AbortController();
  let acknowledged = from;
  let received = from;
  let serverPosition = from;
  let heardAt = clock.now().getTime();
  let halted = false;
  /** What must be done before the next message may come in. */
  let pending: Promise<unknown> | null = null;
  let socket: ReplicationSocket | null = null;

  const queue = createTransactionQueue(from, input.caps, () => regulate());
  const spool = createSpool(input.spoolFolder, address.route, stop);
  const assembler = createTransactionAssembler(
    from,
    (oid) => relations.get(oid),
    {
      onTransaction(transaction) {
        queue.push(transaction);
        if (queue.full()) regulate();
      },
      onSpooled: handOverWhole,
      onReached(position) {
        received = position;
        serverPosition = later(serverPosition, position);
        queue.reach(position);
      },
    },
    spool,
    input.spoolAbove,
  );
  const streamed = createStreamedTransactions(spool, describe);

  function regulate(): void {
    const paused = halted || queue.full();
    // A silence that we asked for does not count.
    if (!paused) heardAt = clock.now().getTime();
    socket?.setPaused(paused);
  }

  function status(requestReply = false): Buffer {
    return statusUpdate({ received, flushed: acknowledged, nowMs: clock.now().getTime(), requestReply });
  }

  function stop(error: unknown): void {
    queue.fail(error);
    over.abort();
    void socket?.close(status());
  }

  /** The stream stands still until the work is done: nothing that follows may overtake it. */
  async function halt(work: Promise<unknown>): Promise<void> {
    halted = true;
    regulate();
    try {
      await work;
    } catch (error) {
      stop(error);
      return;
    }
    halted = false;
    socket?.resume();
    regulate();
  }

  /** Asks the catalogue; what follows is of this relation. */
  async function describe(message: RelationMessage): Promise<Relation> {
    const relation = await input.book.describe(message);
    relations.set(message.oid, relation);
    return relation;
  }

  function handOverWhole(transaction: Promise<SourceTransaction | null>, endLsn: Lsn): void {
    pending = transaction.then((whole) => assembler.handOver(whole, endLsn));
  }

  function accept(bytes: Buffer, start: number, end: number): void {
    if (streamed.inBlock()) {
      streamed.accept(decodeInBlock(bytes, start, end, lend));
      return;
    }
    const message = decodePgoutput(bytes, start, end, keep);
    switch (message.kind) {
      case 'relation':
        pending = describe(message);
        return;
      case 'stream_start':
        streamed.begin(message.xid);
        return;
      case 'stream_abort':
        streamed.abort(message.xid, message.subxid);
        return;
      case 'stream_commit':
        handOverWhole(streamed.commit(message), message.endLsn);
        return;
      default:
        assembler.accept(message);
    }
  }

  function onCopyData(bytes: Buffer, start: number, end: number): boolean {
    const outer = readReplicationMessage(bytes, start, end);
    if (outer.kind === 'keepalive') {
      // Within a block it says nothing of what lies before.
      if (!streamed.inBlock()) assembler.serverAt(outer.position);
      serverPosition = later(serverPosition, outer.position);
      if (outer.replyRequested) socket?.write(status());
      return true;
    }
    accept(bytes, outer.start, end);
    if (pending === null && spool.crowded()) pending = spool.settled();
    if (pending === null) return true;
    void halt(pending);
    pending = null;
    return false;
  }

  async function report(): Promise<void> {
    while (!over.signal.aborted) {
      await clock.sleep(statusMs, over.signal).catch(() => undefined);
      if (over.signal.aborted) return;
      const silentMs = halted || queue.full() ? 0 : clock.now().getTime() - heardAt;
      if (silentMs >= silenceMs) stop(new Error('the source has been silent for too long'));
      else socket?.write(status(silentMs >= askMs));
    }
  }

  socket = await whileSlotIsActive(clock, undefined, () =>
    openReplicationSocket({
      address,
      command: startCommand(input),
      onCopyData(bytes, start, end) {
        heardAt = clock.now().getTime();
        return onCopyData(bytes, start, end);
      },
      onLost(error) {
        queue.fail(error);
        over.abort();
      },
    }),
  );
  regulate();
  void report();
  void watchServer({
    ...input,
    route: address.route,
    signal: over.signal,
    onPosition(position) {
      serverPosition = later(serverPosition, position);
    },
  });

  return {
    take: queue.take,
    acknowledge(position) {
      acknowledged = later(acknowledged, position);
    },
    serverPosition: () => serverPosition,
    async close() {
      over.abort();
      queue.fail(new Error('the stream is closed'));
      await socket?.close(status());
      await spool.close();
    },
  };
}

/**
 * Protocol version 2: a transaction comes at its commit and whole, or, when it outgrows the server's logical_decoding_work_mem,
 * in blocks while it is still open; the server then need not keep it on its own disk. Values come in binary where their type has
 * such a form.
 */
function startCommand({ slotName, publicationName, from }: OpenStreamInput): string {
  const publications = [publicationName, insertPublicationName(publicationName)]
    .map((name) => pg.escapeIdentifier(name))
    .join(',');
  // 0/0 would mean: wherever the slot stands. A checkpoint is always given, so that a gap cannot hide.
  if (from === lsnZero) throw new RangeError('a stream needs the position that it starts from');
  return (
    `START_REPLICATION SLOT ${pg.escapeIdentifier(slotName)} LOGICAL ${formatLsn(from)} ` +
    `(proto_version '2', streaming 'on', publication_names ${pg.escapeLiteral(publications)}, binary 'true', messages 'true')`
  );
}

function later(one: Lsn, other: Lsn): Lsn {
  return one > other ? one : other;
}

/** In a block a tuple is copied to the spool at once. */
function lend(bytes: Buffer, start: number, end: number): Buffer {
  return bytes.subarray(start, end);
}
