import type { LogicalType, ResolvedType } from './avro-schema.ts';

/** Beyond that, a number is too long to be shown. */
const maxDigits = 400;

/**
 * A datum of the writer's type that means something else to a reader of another logical type: not zero, which is the
 * same under every scale and unit. In Avro's JSON form; undefined where any datum serves.
 */
export function misreadDatum(writer: ResolvedType, reader: LogicalType | undefined): unknown {
  switch (writer.kind) {
    case 'int':
    case 'long':
      return 1;
    case 'string':
      return reader?.name === 'uuid' ? 'no uuid' : undefined;
    case 'bytes':
      return writer.logical?.name === 'big-decimal'
        ? bigDecimalOne
        : bytesText(unscaledValue(writer, reader), 1);
    case 'fixed':
      return bytesText(unscaledValue(writer, reader), writer.size);
    default:
      return undefined;
  }
}

/** The bytes 01 of the number, with their length before and the scale 0 behind (Avro 1.12, "Decimal", big-decimal). */
const bigDecimalOne = '\u0002\u0001\u0000';

/** One, or if the reader has fewer digits, the smallest number that has one digit too many. */
function unscaledValue(writer: { readonly logical?: LogicalType }, reader: LogicalType | undefined): bigint {
  const digits = reader?.precision ?? 0;
  const isTooLong = digits < (writer.logical?.precision ?? 0) && reader?.scale === writer.logical?.scale;
  return isTooLong && digits > 0 && digits < maxDigits ? 10n ** BigInt(digits) : 1n;
}

/** A positive number as big-endian two's complement of at least `size` bytes, one code point a byte. */
function bytesText(value: bigint, size: number): string {
  const hex = value.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  const bytes = even.match(/../g)?.map((byte) => String.fromCharCode(Number.parseInt(byte, 16))) ?? [];
  const text = (bytes[0] ?? '') >= '\u0080' ? `\u0000${bytes.join('')}` : bytes.join('');
  return text.padStart(Math.min(size, maxDigits), '\u0000');
}
