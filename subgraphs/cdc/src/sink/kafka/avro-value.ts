import { elementOf, numericPrecision, typeOid } from '../../domain/builtin-types.ts';
import { canonicalTextOf, hasCanonicalText, type ValueKind } from '../../domain/obligation-text.ts';
import { numericText } from '../../domain/obligation-text-number.ts';
import type { Column } from '../../domain/relation.ts';
import type { AvroWriter } from './avro-writer.ts';
import { RowRefused } from './refusals.ts';

/** Writes one value that is not null. */
export type WriteValue = (writer: AvroWriter, bytes: Buffer, kind: ValueKind) => void;

/** Distances of 2000-01-01, from which Postgres counts, to 1970-01-01. */
const epochDays = 10_957;
const epochMicros = 946_684_800_000_000n;
const longMax = 0x7fffffffffffffffn;
const longMin = -0x8000000000000000n;

/**
 * How values of a column are written in the Avro type that `avroSchemaOf` gives it; null where the binary form of the type
 * is not read here (inet, interval and the like).
 */
export function avroValueWriter(column: Column): WriteValue | null {
  if (column.typeCategory === 'A') return arrayWriter(column);
  const typeText = column.baseTypeText ?? column.typeText;
  const binary = binaryWriter(column, typeText);
  if (binary !== null) {
    return (writer, bytes, kind) => {
      if (kind !== 'b') throw unencodable(column, 'came as text');
      binary(writer, bytes);
    };
  }
  if (!hasCanonicalText(column)) return null;
  const text = canonicalTextOf(column);
  return (writer, bytes, kind) => {
    const value = text(bytes, kind);
    writer.bytes(typeof value === 'string' ? Buffer.from(value, 'utf8') : value);
  };
}

type WriteBinary = (writer: AvroWriter, bytes: Buffer) => void;

/** Types that are not strings in Avro, and so only written from their binary form. */
function binaryWriter(column: Column, typeText: string): WriteBinary | null {
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
      return (writer, bytes) => writer.raw(Buffer.from(bytes).swap32());
    case typeOid.float8:
      return (writer, bytes) => writer.raw(Buffer.from(bytes).swap64());
    case typeOid.bytea:
      return (writer, bytes) => writer.bytes(bytes);
    case typeOid.numeric:
      return decimalWriter(column, typeText);
    case typeOid.date:
      return (writer, bytes) => {
        const days = bytes.readInt32BE(0);
        if (days === 0x7fffffff || days === -0x80000000) throw unencodable(column, 'is infinite');
        writer.long(days + epochDays);
      };
    case typeOid.timestamp:
    case typeOid.timestamptz:
      return (writer, bytes) => {
        const micros = bytes.readBigInt64BE(0);
        if (micros === longMax || micros === longMin) throw unencodable(column, 'is infinite');
        if (micros > longMax - epochMicros) throw unencodable(column, 'is too late');
        writer.long(micros + epochMicros);
      };
    default:
      return null;
  }
}

/** Null where Avro has no decimal for it and the value is its text. */
function decimalWriter(column: Column, typeText: string): WriteBinary | null {
  const declared = declaredPrecision(column, typeText);
  if (declared === undefined || declared.scale < 0 || declared.scale > declared.precision) return null;
  return (writer, bytes) => {
    const [whole = '', fraction = ''] = numericText(bytes).split('.');
    if (/[a-z]/i.test(whole)) throw unencodable(column, 'is no number');
    writer.bytes(twosComplement(BigInt(whole + fraction.padEnd(declared.scale, '0'))));
  };
}

/** As `avroSchemaOf` reads it: the modifier of a domain's base stands only in its text. */
function declaredPrecision(column: Column, typeText: string) {
  if (column.baseTypeOid === undefined) return numericPrecision(column.typeModifier);
  const match = /^numeric\((\d+),(-?\d+)\)$/.exec(typeText);
  return match === null ? undefined : { precision: Number(match[1]), scale: Number(match[2]) };
}

/** Big-endian two's complement in the fewest bytes. */
function twosComplement(value: bigint): Buffer {
  let bits = 8;
  while (BigInt.asIntN(bits, value) !== value) bits += 8;
  return Buffer.from(
    BigInt.asUintN(bits, value)
      .toString(16)
      .padStart(bits / 4, '0'),
    'hex',
  );
}

/** Postgres's binary array: dimensions, has-null flag, element oid, per dimension size and lower bound, then the elements. */
function arrayWriter(column: Column): WriteValue | null {
  const { baseTypeOid, baseTypeText, ...own } = column;
  const element: Column = {
    ...own,
    typeOid: elementOf(baseTypeOid ?? column.typeOid) ?? 0,
    typeText: (baseTypeText ?? column.typeText).replace(/(\[\])+$/, ''),
    typeCategory: 'X',
  };
  const write = avroValueWriter(element);
  if (write === null) return null;
  return (writer, bytes, kind) => {
    if (kind !== 'b') throw unencodable(column, 'came as text');
    const dimensions = bytes.readInt32BE(0);
    if (dimensions > 1) throw unencodable(column, 'has more than one dimension');
    const count = dimensions === 0 ? 0 : bytes.readInt32BE(12);
    if (count > 0) writer.long(count);
    let at = 20;
    for (let index = 0; index < count; index += 1) {
      const length = bytes.readInt32BE(at);
      at += 4;
      writer.long(length < 0 ? 0 : 1);
      if (length < 0) continue;
      write(writer, bytes.subarray(at, at + length), 'b');
      at += length;
    }
    writer.long(0);
  };
}

function unencodable(column: Column, what: string): RowRefused {
  return new RowRefused(`a value of ${column.name} (${column.typeText}) ${what}: Avro cannot hold it`);
}
