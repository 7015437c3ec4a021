import { formatLsn, type Lsn, lsnZero } from '@spine/kernel/lsn';
import type { Clock } from '@spine/platform/clock';
import type { Log } from '@spine/platform/log/create-log';
import pg from 'pg';
import type { Relation } from '../domain/relation.ts';
import type { ChangeStream } from './change-source.ts';
import type { SourceAddress } from './connect-source.ts';
import { decodePgoutput } from './pgoutput-decoder.ts';
import type { RelationMessage } from './pgoutput-message.ts';
import { insertPublicationName } from './publish-tables.ts';
import type { RelationBook } from './relation-book.ts';
import { readReplicationMessage, statusUpdate } from './replication-message.ts';
import { openReplicationSocket, type ReplicationSocket } from './replication-socket.ts';
import { whileSlotIsActive } from './slots.ts';
import type { Query } from './source-session.ts';
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
  let describing = false;
  let socket: ReplicationSocket | null = null;

  const queue = createTransactionQueue(from, input.caps, () => regulate());
  const assembler = createTransactionAssembler(from, (oid) => relations.get(oid), {
    onTransaction(transaction) {
      queue.push(transaction);
      if (queue.full()) regulate();
    },
    onReached(position) {
      received = position;
      serverPosition = later(serverPosition, position);
      queue.reach(position);
    },
  });

  function regulate(): void {
    const paused = describing || queue.full();
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

  /** The stream stands still until the catalogue has answered: what follows is of this relation. */
  async function describe(message: RelationMessage): Promise<void> {
    describing = true;
    regulate();
    try {
      relations.set(message.oid, await input.book.describe(message));
    } catch (error) {
      stop(error);
      return;
    }
    describing = false;
    socket?.resume();
    regulate();
  }

  function onCopyData(bytes: Buffer, start: number, end: number): boolean {
    const outer = readReplicationMessage(bytes, start, end);
    if (outer.kind === 'keepalive') {
      assembler.serverAt(outer.position);
      serverPosition = later(serverPosition, outer.position);
      if (outer.replyRequested) socket?.write(status());
      return true;
    }
    const message = decodePgoutput(bytes, outer.start, end, keep);
    if (message.kind === 'relation') {
      void describe(message);
      return false;
    }
    assembler.accept(message);
    return true;
  }

  async function report(): Promise<void> {
    while (!over.signal.aborted) {
      await clock.sleep(statusMs, over.signal).catch(() => undefined);
      if (over.signal.aborted) return;
      const silentMs = queue.full() ? 0 : clock.now().getTime() - heardAt;
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
    },
  };
}

/**
 * Protocol version 1 sends a transaction at its commit and whole, which is what the queue wants; what it costs is that the
 * largest transaction must fit into memory. Values come in binary where their type has such a form.
 */
function startCommand({ slotName, publicationName, from }: OpenStreamInput): string {
  const publications = [publicationName, insertPublicationName(publicationName)]
    .map((name) => pg.escapeIdentifier(name))
    .join(',');
  // 0/0 would mean: wherever the slot stands. A checkpoint is always given, so that a gap cannot hide.
  if (from === lsnZero) throw new RangeError('a stream needs the position that it starts from');
  return (
    `START_REPLICATION SLOT ${pg.escapeIdentifier(slotName)} LOGICAL ${formatLsn(from)} ` +
    `(proto_version '1', publication_names ${pg.escapeLiteral(publications)}, binary 'true', messages 'true')`
  );
}

function later(one: Lsn, other: Lsn): Lsn {
  return one > other ? one : other;
}
