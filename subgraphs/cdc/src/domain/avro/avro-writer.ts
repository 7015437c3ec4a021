/** Avro's binary encoding (specification 1.12, "Binary Encoding") into one growing piece of memory that is used again and again. */
export interface AvroWriter {
  /** An int or a long: zigzag, seven bits a byte. */
  long(value: bigint | number): void;
  /** Bytes or a string: its length, then itself. */
  bytes(value: Buffer | string): void;
  /** As they are. */
  raw(value: Buffer): void;
  /** Last byte first: Postgres sends floating-point numbers big-endian, Avro has them little-endian. */
  reversed(value: Buffer): void;
  /** A copy of what was written since the last `take`. */
  take(): Buffer;
}

/** Starts empty. One record is written at a time. */
export function createAvroWriter(): AvroWriter {
  let memory = Buffer.allocUnsafe(1024);
  let used = 0;

  function reserve(more: number): void {
    if (used + more <= memory.length) return;
    const larger = Buffer.allocUnsafe(Math.max(used + more, memory.length * 2));
    memory.copy(larger, 0, 0, used);
    memory = larger;
  }

  function raw(value: Buffer): void {
    reserve(value.length);
    value.copy(memory, used);
    used += value.length;
  }

  function long(value: bigint | number): void {
    reserve(10);
    // Most numbers fit 31 bits, where no bigint is needed.
    if (typeof value === 'number' && value >= -0x40000000 && value < 0x40000000) {
      let rest = ((value << 1) ^ (value >> 31)) >>> 0;
      for (; rest > 0x7f; rest >>>= 7) memory[used++] = (rest & 0x7f) | 0x80;
      memory[used++] = rest;
      return;
    }
    const signed = BigInt(value);
    let rest = BigInt.asUintN(64, (signed << 1n) ^ (signed >> 63n));
    for (; rest > 0x7fn; rest >>= 7n) memory[used++] = Number(rest & 0x7fn) | 0x80;
    memory[used++] = Number(rest);
  }

  return {
    long,
    raw,
    bytes(value) {
      if (typeof value !== 'string') {
        long(value.length);
        raw(value);
        return;
      }
      const length = Buffer.byteLength(value);
      long(length);
      reserve(length);
      used += memory.write(value, used, 'utf8');
    },
    reversed(value) {
      reserve(value.length);
      for (let index = value.length - 1; index >= 0; index -= 1) memory[used++] = value[index] ?? 0;
    },
    take() {
      const taken = Buffer.from(memory.subarray(0, used));
      used = 0;
      return taken;
    },
  };
}
