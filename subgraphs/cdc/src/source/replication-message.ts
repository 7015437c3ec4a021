import { type Lsn, lsnFromBytes } from '@spine/kernel/lsn';

/** What a CopyData message of a replication stream holds; the bytes of `data` begin at `start`. */
export type ReplicationMessage =
  | { readonly kind: 'data'; readonly start: number }
  | { readonly kind: 'keepalive'; readonly position: Lsn; readonly replyRequested: boolean };

/** A CopyData message that is neither data nor keepalive. */
export class UnknownReplicationMessage extends Error {
  override readonly name = 'UnknownReplicationMessage';
}

/** Reads the body of one CopyData message (Postgres, Streaming Replication Protocol: XLogData, primary keepalive). */
export function readReplicationMessage(bytes: Buffer, start: number, end: number): ReplicationMessage {
  // w: start and end of the WAL data, time of sending, 8 bytes each.
  if (bytes[start] === 0x77 && end - start >= 26) return { kind: 'data', start: start + 25 };
  // k: end of WAL sent so far, time, whether to answer at once.
  if (bytes[start] === 0x6b && end - start === 18) {
    return {
      kind: 'keepalive',
      position: lsnFromBytes(bytes, start + 1),
      replyRequested: bytes[start + 17] === 1,
    };
  }
  throw new UnknownReplicationMessage('the replication stream sent a message of an unknown form');
}

/** Milliseconds from 1970 to 2000, where Postgres's own count begins. */
const epochMs = 946_684_800_000;

/**
 * A whole CopyData frame with a status update. Only `flushed` moves the slot: the caller gives there what the sink has made
 * durable, never what was merely received.
 */
export function statusUpdate(status: {
  readonly received: Lsn;
  readonly flushed: Lsn;
  readonly nowMs: number;
  readonly requestReply: boolean;
}): Buffer {
  const frame = Buffer.alloc(39);
  frame[0] = 0x64;
  frame.writeUInt32BE(38, 1);
  frame[5] = 0x72;
  frame.writeBigUInt64BE(status.received, 6);
  frame.writeBigUInt64BE(status.flushed, 14);
  frame.writeBigUInt64BE(status.flushed, 22);
  frame.writeBigInt64BE(BigInt(status.nowMs - epochMs) * 1000n, 30);
  frame[38] = status.requestReply ? 1 : 0;
  return frame;
}
