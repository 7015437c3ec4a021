/** Collects the values of one column as the binary form of a one-dimensional array (array_recv). */
export interface ColumnWriter {
  value(source: Buffer, start: number, end: number): void;
  null(): void;
  /** True when a value came as text although the stream is binary: its type has no binary form. */
  text: boolean;
  /** The array; with element type text when values came as text. */
  finish(): Buffer;
}

const headerBytes = 20;
const textOid = 25;

/** Values are copied as they come: one growing buffer a column, no object a value. */
export function createColumnWriter(elementOid: number, expectedRows: number): ColumnWriter {
  let bytes = Buffer.allocUnsafe(headerBytes + Math.max(64, expectedRows * 16));
  let at = headerBytes;
  let count = 0;
  let hasNull = false;

  function room(wanted: number): void {
    if (at + wanted <= bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(bytes.length * 2, at + wanted));
    bytes.copy(grown, 0, 0, at);
    bytes = grown;
  }

  return {
    text: false,
    value(source, start, end) {
      const length = end - start;
      room(length + 4);
      bytes.writeInt32BE(length, at);
      source.copy(bytes, at + 4, start, end);
      at += length + 4;
      count += 1;
    },
    null() {
      room(4);
      bytes.writeInt32BE(-1, at);
      at += 4;
      count += 1;
      hasNull = true;
    },
    finish() {
      bytes.writeInt32BE(1, 0);
      bytes.writeInt32BE(hasNull ? 1 : 0, 4);
      bytes.writeUInt32BE(this.text ? textOid : elementOid, 8);
      bytes.writeInt32BE(count, 12);
      bytes.writeInt32BE(1, 16);
      return bytes.subarray(0, at);
    },
  };
}
