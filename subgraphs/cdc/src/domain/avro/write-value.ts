import { decimalOf, modifierOf } from '../avro-schema.ts';
import { typeOid } from '../builtin-types.ts';
import { canonicalTextOf, hasCanonicalText, type ValueKind } from '../obligation-text.ts';
import { numericText } from '../obligation-text-number.ts';
import type { Column } from '../relation.ts';
import type { AvroWriter } from './avro-writer.ts';
import { RefusedValue } from './refused-value.ts';

/** Writes one value that is not null. Throws RefusedValue for one that its Avro type cannot hold. */
export type WriteValue = (writer: AvroWriter, bytes: Buffer, kind: ValueKind) => void;

type WriteBinary = (writer: AvroWriter, bytes: Buffer) => void;

/** From 1970-01-01, where Avro counts from, to 2000-01-01, where Postgres does. */
const epochDays = 10_957;
const epochMicros = 946_684_800_000_000n;
const longMax = 0x7fffffffffffffffn;
const longMin = -0x8000000000000000n;

/**
 * How values of a column that is no array are written in the Avro type that `avroSchemaOf` gives it; `where` names the column in
 * errors. Null where the type's binary form is not read here: composites, and types of extensions.
 */
export function scalarWriter(column: Column, where: string): WriteValue | null {
  const binary = binaryWriter(column, where);
  if (binary !== null) {
    return (writer, bytes, kind) => {
      if (kind !== 'b') throw new RefusedValue(`${where}: a value came as text, which is not read there`);
      binary(writer, bytes);
    };
  }
  if (!hasCanonicalText(column)) return null;
  const text = canonicalTextOf(column);
  return (writer, bytes, kind) => writer.bytes(text(bytes, kind));
}

/** Of the types that are no strings in Avro. */
function binaryWriter(column: Column, where: string): WriteBinary | null {
  switch (column.baseTypeOid ?? column.typeOid) {
    case typeOid.bool:
      return (writer, bytes) => writer.raw(bytes);
    case typeOid.int2:
      return (writer, bytes) => writer.long(bytes.readInt16BE(0));
    case typeOid.int4:
      return (writer, bytes) => writer.long(bytes.readInt32BE(0));
    case typeOid.int8:
    case typeOid.time:
      return (writer, bytes) => writer.long(bytes.readBigInt64BE(0));
    case typeOid.float4:
    case typeOid.float8:
      return (writer, bytes) => writer.reversed(bytes);
    case typeOid.bytea:
      return (writer, bytes) => writer.bytes(bytes);
    case typeOid.numeric:
      return decimalWriter(column, where);
    case typeOid.date:
      return (writer, bytes) => {
        const days = bytes.readInt32BE(0);
        if (days === 0x7fffffff || days === -0x80000000) throw refused(where, 'is infinite');
        writer.long(days + epochDays);
      };
    case typeOid.timestamp:
    case typeOid.timestamptz:
      return (writer, bytes) => {
        const micros = bytes.readBigInt64BE(0);
        if (micros === longMax || micros === longMin) throw refused(where, 'is infinite');
        if (micros > longMax - epochMicros) throw refused(where, 'lies after the year 294246');
        writer.long(micros + epochMicros);
      };
    default:
      return null;
  }
}

/** Null where Avro has no decimal for it and the value is its text. */
function decimalWriter(column: Column, where: string): WriteBinary | null {
  const declared = decimalOf(modifierOf(column));
  if (declared === undefined) return null;
  return (writer, bytes) => {
    const [whole = '', fraction = ''] = numericText(bytes).split('.');
    if (/[a-z]/i.test(whole)) throw refused(where, 'is not a number');
    writer.bytes(twosComplement(BigInt(whole + fraction.padEnd(declared.scale, '0'))));
  };
}

/** Big-endian, in the fewest bytes. */
function twosComplement(value: bigint): Buffer {
  // A byte more than the digits fill leaves room for the sign.
  const digits = (value < 0n ? -value - 1n : value).toString(2).length;
  const bits = Math.ceil((digits + 1) / 8) * 8;
  return Buffer.from(
    BigInt.asUintN(bits, value)
      .toString(16)
      .padStart(bits / 4, '0'),
    'hex',
  );
}

function refused(where: string, what: string): RefusedValue {
  return new RefusedValue(`${where}: a value ${what}, which its Avro type cannot hold`);
}
