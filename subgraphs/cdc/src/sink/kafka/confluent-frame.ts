const magic = 0;
const headBytes = 5;

/** Avro bytes as consumers of a schema registry expect them: a zero, the schema's id in four bytes, the record. */
export function frame(schemaId: number, avro: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(headBytes + avro.length);
  framed[0] = magic;
  framed.writeInt32BE(schemaId, 1);
  avro.copy(framed, headBytes);
  return framed;
}
