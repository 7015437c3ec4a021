import { isRecord } from '../json.ts';
import type { AvroEnum, AvroRecord, AvroType, AvroUnion, ResolvedType } from './avro-schema.ts';
import type { Comparison } from './comparison.ts';
import { defaultFault } from './default-value.ts';
import { logicalMismatch } from './logical-type.ts';
import { sameName, sourcesOf, typeText } from './match-types.ts';
import { branchName, tagged } from './minimal-datum.ts';
import { resolveType } from './named-type.ts';
import { isWidened } from './reader-branches.ts';

/** What a reader makes of a datum: a value of its own schema, or the reason why it cannot. */
export type Readout = { readonly value: unknown } | { readonly fault: string };

/**
 * Reads a datum of the writer as one of the reader by the rules of schema resolution (Avro 1.12), both in Avro's JSON
 * form. Of a reader's union the first branch that succeeds is taken: what fails here fails with every decoder. The
 * datum must be one of the writer's; it is walked to its own depth.
 */
export function readDatum(
  comparison: Comparison,
  reader: ResolvedType,
  writer: ResolvedType,
  datum: unknown,
): Readout {
  comparison.spend(1);
  if (writer.kind === 'union') {
    const branch = branchOf(comparison, writer, datum);
    if (branch === undefined) return { fault: 'no datum of the writer' };
    return readDatum(comparison, reader, branch, isRecord(datum) ? datum[branchName(branch)] : null);
  }
  if (reader.kind === 'union') return readAsUnion(comparison, reader, writer, datum);
  if (reader.kind === 'record' && writer.kind === 'record') {
    return readRecord(comparison, reader, writer, isRecord(datum) ? datum : {});
  }
  if (reader.kind === 'array' && writer.kind === 'array') {
    const read = readPart(comparison, reader.items, writer.items);
    return collect(Array.isArray(datum) ? datum.map((item: unknown) => read(item)) : []);
  }
  if (reader.kind === 'map' && writer.kind === 'map') {
    const entries = Object.entries(isRecord(datum) ? datum : {});
    const read = readPart(comparison, reader.values, writer.values);
    return named(
      entries.map(([key]) => key),
      collect(entries.map(([, value]) => read(value))),
    );
  }
  return readLeaf(comparison, reader, writer, datum);
}

function branchOf(comparison: Comparison, union: AvroUnion, datum: unknown): ResolvedType | undefined {
  const name = isRecord(datum) ? Object.keys(datum)[0] : 'null';
  return union.branches
    .map((branch) => resolveType(comparison.writer, branch))
    .find((branch) => branchName(branch) === name);
}

function readAsUnion(
  comparison: Comparison,
  reader: AvroUnion,
  writer: ResolvedType,
  datum: unknown,
): Readout {
  for (const { type } of comparison.branchesFor(reader, writer)) {
    const readout = readDatum(comparison, type, writer, datum);
    if ('value' in readout) return { value: tagged(type, readout.value) };
  }
  return { fault: `no branch of the union reads ${typeText(writer)}` };
}

function readRecord(
  comparison: Comparison,
  reader: AvroRecord,
  writer: AvroRecord,
  datum: Readonly<Record<string, unknown>>,
): Readout {
  if (!sameName(reader, writer)) return { fault: `${writer.name} is not ${reader.name}` };
  const written = comparison.fieldsOf(writer);
  const values = reader.fields.map((field): Readout => {
    const [source, ...others] = sourcesOf(field, written);
    if (others.length > 0) return { fault: `${field.name} could be any of several fields` };
    if (source !== undefined) {
      return readPart(comparison, field.type, source.type)(datum[source.name]);
    }
    if (field.default === undefined) return { fault: `missing required field ${field.name}` };
    return { value: datumOfDefault(comparison, field.type, field.default.value) };
  });
  return named(
    reader.fields.map((field) => field.name),
    collect(values),
  );
}

function readPart(comparison: Comparison, reader: AvroType, writer: AvroType): (datum: unknown) => Readout {
  const read = resolveType(comparison.reader, reader);
  const written = resolveType(comparison.writer, writer);
  return (datum) => readDatum(comparison, read, written, datum);
}

function readLeaf(
  { profile }: Comparison,
  reader: ResolvedType,
  writer: ResolvedType,
  datum: unknown,
): Readout {
  if (reader.kind === 'enum' && writer.kind === 'enum') {
    if (!sameName(reader, writer)) return { fault: `${writer.name} is not ${reader.name}` };
    return readSymbol(reader, datum);
  }
  const isFixed = reader.kind === 'fixed' && writer.kind === 'fixed';
  if (isFixed && !(sameName(reader, writer) && reader.size === writer.size)) {
    return { fault: `${writer.name} of ${writer.size} bytes is not ${reader.name} of ${reader.size}` };
  }
  if (reader.kind !== writer.kind && !isWidened(reader.kind, writer.kind)) {
    return { fault: `${typeText(writer)} is not ${typeText(reader)}` };
  }
  if (profile === 'strict') {
    const read = 'logical' in reader ? reader.logical : undefined;
    const mismatch = logicalMismatch(read, 'logical' in writer ? writer.logical : undefined, writer.kind);
    if (mismatch !== undefined) return { fault: mismatch };
  }
  return { value: convert(reader.kind, writer.kind, datum) };
}

function readSymbol(reader: AvroEnum, datum: unknown): Readout {
  if (reader.symbols.some((symbol) => symbol === datum)) return { value: datum };
  return reader.default === undefined
    ? { fault: `${JSON.stringify(datum)} is no symbol of ${reader.name}` }
    : { value: reader.default };
}

/** Bytes are text of one code point each. */
function convert(reader: string, writer: string, datum: unknown): unknown {
  if (reader === 'float' && typeof datum === 'number') return Math.fround(datum);
  if (typeof datum !== 'string' || reader === writer) return datum;
  if (reader === 'bytes') return Buffer.from(datum, 'utf8').toString('latin1');
  return reader === 'string' ? Buffer.from(datum, 'latin1').toString('utf8') : datum;
}

/** A default stands in the schema without the names of branches. */
function datumOfDefault(comparison: Comparison, type: AvroType, value: unknown): unknown {
  const resolved = resolveType(comparison.reader, type);
  switch (resolved.kind) {
    case 'array':
      return Array.isArray(value)
        ? value.map((item) => datumOfDefault(comparison, resolved.items, item))
        : [];
    case 'map':
      return mapValues(value, (each) => datumOfDefault(comparison, resolved.values, each));
    case 'union': {
      const scope = {
        find: (name: string) => comparison.reader.named.get(name),
        spend: () => comparison.spend(1),
      };
      const branch = resolved.branches.find((each) => defaultFault(scope, each, value) === undefined);
      if (branch === undefined) return value;
      return tagged(resolveType(comparison.reader, branch), datumOfDefault(comparison, branch, value));
    }
    case 'record': {
      const given = isRecord(value) ? value : {};
      return Object.fromEntries(
        resolved.fields.map((field) => {
          const own = Object.hasOwn(given, field.name) ? given[field.name] : field.default?.value;
          return [field.name, datumOfDefault(comparison, field.type, own)];
        }),
      );
    }
    default:
      return value;
  }
}

function mapValues(value: unknown, change: (value: unknown) => unknown): unknown {
  const entries = Object.entries(isRecord(value) ? value : {});
  return Object.fromEntries(entries.map(([key, each]) => [key, change(each)]));
}

function collect(readouts: readonly Readout[]): { readonly value: readonly unknown[] } | { fault: string } {
  const values: unknown[] = [];
  for (const readout of readouts) {
    if ('fault' in readout) return readout;
    values.push(readout.value);
  }
  return { value: values };
}

function named(
  names: readonly string[],
  readout: { readonly value: readonly unknown[] } | { fault: string },
): Readout {
  if ('fault' in readout) return readout;
  return { value: Object.fromEntries(names.map((name, index) => [name, readout.value[index]])) };
}
