/**
 * Sees one message of the protocol: its type byte, and where its body lies. The bytes are only lent. Answers false to halt
 * behind this message.
 */
export type OnFrame = (type: number, bytes: Buffer, start: number, end: number) => boolean;

/** A length that no server sends: the stream is out of step. */
export class BrokenFraming extends Error {
  override readonly name = 'BrokenFraming';
}

/** Cuts a stream of chunks into messages of the protocol: a type byte, a length that counts itself, a body. */
export interface WireFrames {
  /** Hands over each message that is whole now, in order. While halted it only keeps the chunk. */
  push(chunk: Buffer): void;
  /** Goes on after a halt, with what has been kept. */
  resume(): void;
}

/** Postgres's own limit of one message is 1 GB. */
const maxFrameBytes = 0x4000_0000;
const headBytes = 5;

/** A message split across chunks waits for its rest, and is put together once, however many chunks it takes. */
export function createWireFrames(onFrame: OnFrame): WireFrames {
  let kept: Buffer[] = [];
  let keptBytes = 0;
  let neededBytes = headBytes;
  let halted = false;

  function cut(bytes: Buffer): void {
    let at = 0;
    neededBytes = headBytes;
    while (!halted && at + headBytes <= bytes.length) {
      const length = bytes.readUInt32BE(at + 1);
      if (length < 4 || length > maxFrameBytes) throw new BrokenFraming('a message has an impossible length');
      const end = at + 1 + length;
      if (end > bytes.length) {
        neededBytes = 1 + length;
        break;
      }
      halted = !onFrame(bytes[at] ?? 0, bytes, at + headBytes, end);
      at = end;
    }
    keptBytes = bytes.length - at;
    kept = keptBytes > 0 ? [bytes.subarray(at)] : [];
  }

  function cutKept(): void {
    if (halted || keptBytes === 0 || keptBytes < neededBytes) return;
    const [only] = kept;
    cut(kept.length === 1 && only !== undefined ? only : Buffer.concat(kept, keptBytes));
  }

  return {
    push(chunk) {
      if (!halted && keptBytes === 0) {
        cut(chunk);
        return;
      }
      kept.push(chunk);
      keptBytes += chunk.length;
      cutKept();
    },
    resume() {
      halted = false;
      neededBytes = headBytes;
      cutKept();
    },
  };
}
