/** A column value for tests: null, an unchanged TOAST value, text, or binary bytes. */
export type TupleValue = null | 'unchanged' | { readonly text: string } | Buffer;

/** TupleData for tests, as it comes over the wire. */
export function aTuple(...values: readonly TupleValue[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeUInt16BE(values.length);
  return Buffer.concat([count, ...values.map(encodeValue)]);
}

/** The binary form of an int8, for tests. */
export function int8(value: bigint | number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

function encodeValue(value: TupleValue): Buffer {
  if (value === null) return Buffer.from('n');
  if (value === 'unchanged') return Buffer.from('u');
  const [kind, bytes] = Buffer.isBuffer(value) ? ['b', value] : ['t', Buffer.from(value.text)];
  const head = Buffer.alloc(5);
  head.write(kind, 0, 'latin1');
  head.writeInt32BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}
