import type { LogicalType, PrimitiveKind } from './avro-schema.ts';

type Underlying = PrimitiveKind | 'fixed';

const underlyingTypes: ReadonlyMap<string, readonly Underlying[]> = new Map<string, readonly Underlying[]>([
  ['decimal', ['bytes', 'fixed']],
  ['big-decimal', ['bytes']],
  ['uuid', ['string', 'fixed']],
  ['date', ['int']],
  ['time-millis', ['int']],
  ['time-micros', ['long']],
  ['timestamp-millis', ['long']],
  ['timestamp-micros', ['long']],
  ['timestamp-nanos', ['long']],
  ['local-timestamp-millis', ['long']],
  ['local-timestamp-micros', ['long']],
  ['local-timestamp-nanos', ['long']],
  ['duration', ['fixed']],
]);

/**
 * The logical type that an Avro implementation would honour on this underlying type, or undefined: the specification
 * has unknown and invalid ones ignored, not refused.
 */
export function readLogicalType(
  json: Readonly<Record<string, unknown>>,
  underlying: Underlying,
  size?: number,
): LogicalType | undefined {
  const name = json['logicalType'];
  if (typeof name !== 'string' || !underlyingTypes.get(name)?.includes(underlying)) return undefined;
  if (name === 'decimal') return readDecimal(json, size);
  if (name === 'uuid' && size !== undefined && size !== 16) return undefined;
  if (name === 'duration' && size !== 12) return undefined;
  return { name };
}

function readDecimal(
  json: Readonly<Record<string, unknown>>,
  size: number | undefined,
): LogicalType | undefined {
  const { precision, scale = 0 } = json;
  if (!isWhole(precision) || precision === 0 || !isWhole(scale) || scale > precision) return undefined;
  // The most digits that a two's-complement number of `size` bytes can hold for sure.
  if (size !== undefined && precision > Math.floor(Math.log10(2) * (8 * size - 1))) return undefined;
  return { name: 'decimal', precision, scale };
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/**
 * Why values written under one meaning would be read wrong under another, or undefined if they would not. Avro itself
 * looks at the bytes only, so that a decimal of another scale or a timestamp of another unit passes and corrupts.
 */
export function logicalMismatch(
  reader: LogicalType | undefined,
  writer: LogicalType | undefined,
  writerKind: string,
): string | undefined {
  if (reader === undefined && writer === undefined) return undefined;
  const read = logicalText(reader);
  const written = logicalText(writer);
  if (reader?.name === 'decimal' && writer?.name === 'decimal') {
    if (reader.scale !== writer.scale) return `reads ${read}, was written as ${written}: the point moves`;
    const narrower = (reader.precision ?? 0) < (writer.precision ?? 0);
    return narrower ? `reads ${read}, was written as ${written}: digits may not fit` : undefined;
  }
  if (reader !== undefined && writer !== undefined) {
    return reader.name === writer.name ? undefined : `reads ${read}, was written as ${written}`;
  }
  if (reader?.name === 'uuid' && writerKind !== 'fixed')
    return `reads uuid, was written as any ${writerKind}`;
  // A number may gain or lose the name of its unit; the bytes of a number may not turn into plain bytes.
  const sole = reader ?? writer;
  if (sole?.name === 'decimal' || sole?.name === 'big-decimal') {
    return `reads ${read}, was written as ${written}`;
  }
  return undefined;
}

/** How a logical type is shown, `decimal(10, 2)` or its bare name. */
export function logicalText(logical: LogicalType | undefined): string {
  if (logical === undefined) return 'no logical type';
  return logical.precision === undefined
    ? logical.name
    : `${logical.name}(${logical.precision}, ${logical.scale ?? 0})`;
}
