import { invariant } from '@spine/kernel/invariant';
import { typeOid } from './builtin-types.ts';
import { bitText, tsvectorText } from './obligation-text-bits.ts';
import { inetText, macaddrText } from './obligation-text-network.ts';
import { floatText, numericText } from './obligation-text-number.ts';
import { multirangeText, rangeText } from './obligation-text-range.ts';
import {
  dateText,
  intervalText,
  timestampText,
  timestamptzText,
  timeText,
  timetzText,
} from './obligation-text-time.ts';
import type { Column } from './relation.ts';

/** How a value came over the wire: text, or the type's binary form. */
export type ValueKind = 't' | 'b';

/** A decoder from the binary form to the text that `value::text` gives in Postgres under UTC and ISO dates. */
type Decode = (bytes: Buffer) => Buffer | string;

const asIs: Decode = (bytes) => bytes;

const decoders: ReadonlyMap<number, Decode> = new Map<number, Decode>([
  [typeOid.bool, (bytes) => (bytes[0] === 0 ? 'false' : 'true')],
  [typeOid.int2, (bytes) => String(bytes.readInt16BE(0))],
  [typeOid.int4, (bytes) => String(bytes.readInt32BE(0))],
  [typeOid.int8, (bytes) => String(bytes.readBigInt64BE(0))],
  [typeOid.float4, (bytes) => floatText(bytes.readFloatBE(0), 'single')],
  [typeOid.float8, (bytes) => floatText(bytes.readDoubleBE(0), 'double')],
  [typeOid.numeric, numericText],
  [typeOid.text, asIs],
  [typeOid.varchar, asIs],
  // A cast of char(n) to text takes the padding off.
  [typeOid.bpchar, (bytes) => bytes.toString('utf8').replace(/ +$/, '')],
  [typeOid.name, asIs],
  [typeOid.uuid, uuidText],
  [typeOid.date, dateText],
  [typeOid.timestamp, timestampText],
  [typeOid.timestamptz, timestamptzText],
  [typeOid.bytea, (bytes) => `\\x${bytes.toString('hex')}`],
  [typeOid.json, asIs],
  [typeOid.jsonb, jsonbText],
  [typeOid.oid, (bytes) => String(bytes.readUInt32BE(0))],
  [typeOid.time, timeText],
  [typeOid.timetz, timetzText],
  [typeOid.interval, intervalText],
  [typeOid.inet, inetText],
  [typeOid.cidr, inetText],
  [typeOid.macaddr, macaddrText],
  [typeOid.macaddr8, macaddrText],
  [typeOid.bit, bitText],
  [typeOid.varbit, bitText],
  [typeOid.tsvector, tsvectorText],
  [typeOid.int4range, rangeText((bytes) => String(bytes.readInt32BE(0)))],
  [typeOid.int8range, rangeText((bytes) => String(bytes.readBigInt64BE(0)))],
  [typeOid.numrange, rangeText(numericText)],
  [typeOid.daterange, rangeText(dateText)],
  [typeOid.tsrange, rangeText(timestampText)],
  [typeOid.tstzrange, rangeText(timestamptzText)],
  [typeOid.int4multirange, multirangeText((bytes) => String(bytes.readInt32BE(0)))],
  [typeOid.int8multirange, multirangeText((bytes) => String(bytes.readBigInt64BE(0)))],
  [typeOid.nummultirange, multirangeText(numericText)],
  [typeOid.datemultirange, multirangeText(dateText)],
  [typeOid.tsmultirange, multirangeText(timestampText)],
  [typeOid.tstzmultirange, multirangeText(timestamptzText)],
]);

/** Types whose text form in a tuple of kind `t` is already the canonical text; the others always come in binary. */
const sameInText: ReadonlySet<number> = new Set([
  typeOid.text,
  typeOid.varchar,
  typeOid.name,
  typeOid.json,
  typeOid.uuid,
  typeOid.int2,
  typeOid.int4,
  typeOid.int8,
  typeOid.numeric,
]);

/** Whether values of this column have one text each. */
export function hasCanonicalText(column: Column): boolean {
  return decoderOf(column) !== undefined;
}

/** The canonical text of a column's values: what `value::text` gives in Postgres under UTC and ISO dates. */
export function canonicalTextOf(column: Column): (bytes: Buffer, kind: ValueKind) => Buffer | string {
  const decode = decoderOf(column);
  invariant(decode !== undefined, `column ${column.name} has a canonical text`);
  const inText = decode === asIs || sameInText.has(column.baseTypeOid ?? column.typeOid);
  return (bytes, kind) => {
    if (kind === 'b') return decode(bytes);
    invariant(inText, `column ${column.name} of type ${column.typeText} comes in binary`);
    return bytes;
  };
}

function decoderOf(column: Column): Decode | undefined {
  if (column.typeCategory === 'A') return undefined;
  // The binary form of an enum value is its label.
  if (column.typeKind === 'e' || column.enumLabels !== undefined) return asIs;
  return decoders.get(column.baseTypeOid ?? column.typeOid);
}

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function jsonbText(bytes: Buffer): Buffer {
  invariant(bytes[0] === 1, 'jsonb comes in its version 1');
  return bytes.subarray(1);
}
