import avsc from 'avsc';

/** What another Avro implementation makes of a datum, both in Avro's JSON form. */
export type Decoded = { readonly value: unknown } | { readonly fault: string };

/** Encodes with the writer's schema; throws if the datum is none of it. */
export function encodeWithAvsc(writer: unknown, datum: unknown): Buffer {
  return typeOf(writer).toBuffer(typeOf(writer).fromString(JSON.stringify(datum)));
}

/** Decodes bytes of the writer with the reader's schema. avsc compares schemas first, and refuses some that Java takes. */
export function decodeWithAvsc(reader: unknown, writer: unknown, bytes: Buffer): Decoded {
  const type = typeOf(reader);
  try {
    const value: unknown = type.fromBuffer(bytes, type.createResolver(typeOf(writer)));
    return { value: JSON.parse(type.toString(value)) };
  } catch (error) {
    return { fault: String(error) };
  }
}

/** Throws if the datum is none of the schema. */
export function checkWithAvsc(schema: unknown, datum: unknown): void {
  typeOf(schema).fromString(JSON.stringify(datum));
}

/** Schemas are compiled once: that takes longer than all the rest. */
const compiled = new WeakMap<object, avsc.Type>();

function typeOf(schema: unknown): avsc.Type {
  const known = typeof schema === 'object' && schema !== null ? compiled.get(schema) : undefined;
  if (known !== undefined) return known;
  const type = avsc.Type.forSchema(schema as avsc.Schema, { wrapUnions: true });
  if (typeof schema === 'object' && schema !== null) compiled.set(schema, type);
  return type;
}
