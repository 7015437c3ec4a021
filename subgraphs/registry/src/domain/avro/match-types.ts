import type { IncompatibilityKind } from '../incompatibility.ts';
import { pointer } from '../json.ts';
import type {
  AvroEnum,
  AvroField,
  AvroFixed,
  AvroNamed,
  AvroRecord,
  AvroSchema,
  AvroType,
} from './avro-schema.ts';
import { logicalMismatch, logicalText } from './logical-type.ts';
import { resolveType, simpleName } from './named-type.ts';

/** A reader's and a writer's type, both without a reference on top. */
export interface TypePair {
  readonly reader: ResolvedType;
  readonly writer: ResolvedType;
}

export type ResolvedType = ReturnType<typeof resolveType>;

/** What one level of two types says: what is wrong here, and which pairs below must hold, too. */
export interface Match {
  readonly faults: readonly Fault[];
  /** Each must be readable. */
  readonly parts: readonly Part[];
  /** Each writer branch must be readable by one branch of the reader's union. */
  readonly choices: readonly Choice[];
}

export interface Fault {
  readonly kind: IncompatibilityKind;
  readonly path: string;
  readonly message: string;
}

export interface Part extends TypePair {
  readonly path: string;
}

export interface Choice {
  readonly readers: readonly ResolvedType[];
  readonly writer: ResolvedType;
  readonly path: string;
}

export interface SchemaPair {
  readonly reader: AvroSchema;
  readonly writer: AvroSchema;
}

const widened: Readonly<Record<string, readonly string[]>> = {
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  string: ['bytes'],
  bytes: ['string'],
};

/** Compares the top level of two types by the rules of schema resolution (Avro 1.12); `path` is where the reader's stands. */
export function matchTypes(schemas: SchemaPair, { reader, writer }: TypePair, path: string): Match {
  if (reader.kind === 'union') {
    const readers = reader.branches.map((branch) => resolveType(schemas.reader, branch));
    if (writer.kind !== 'union') return { ...nothing, choices: [{ readers, writer, path }] };
    const choices = writer.branches.map((branch, index) => ({
      readers,
      writer: resolveType(schemas.writer, branch),
      path: pointer(path, index),
    }));
    return { ...nothing, choices };
  }
  if (writer.kind === 'union') {
    const parts = writer.branches.map((branch, index) => ({
      reader,
      writer: resolveType(schemas.writer, branch),
      path: pointer(path, index),
    }));
    return { ...nothing, parts };
  }
  if (reader.kind === 'record' && writer.kind === 'record')
    return matchRecords(schemas, reader, writer, path);
  if (reader.kind === 'array' && writer.kind === 'array') {
    return onlyPart(schemas, reader.items, writer.items, pointer(path, 'items'));
  }
  if (reader.kind === 'map' && writer.kind === 'map') {
    return onlyPart(schemas, reader.values, writer.values, pointer(path, 'values'));
  }
  return { ...nothing, faults: leafFaults(reader, writer, path) };
}

/** Whether the names fit: without their namespaces, or by a full name among the reader's aliases. */
export function sameName(reader: AvroNamed, writer: AvroNamed): boolean {
  return simpleName(reader.name) === simpleName(writer.name) || reader.aliases.includes(writer.name);
}

/** How a type is named in messages. */
export function typeText(type: ResolvedType): string {
  if ('name' in type) return `${type.kind} ${type.name}`;
  return 'logical' in type && type.logical !== undefined
    ? `${type.kind} (${logicalText(type.logical)})`
    : type.kind;
}

const nothing: Match = { faults: [], parts: [], choices: [] };

function onlyPart(schemas: SchemaPair, reader: AvroType, writer: AvroType, path: string): Match {
  const pair = { reader: resolveType(schemas.reader, reader), writer: resolveType(schemas.writer, writer) };
  return { ...nothing, parts: [{ ...pair, path }] };
}

function leafFaults(reader: ResolvedType, writer: ResolvedType, path: string): readonly Fault[] {
  if (reader.kind === 'enum' && writer.kind === 'enum') {
    return [...nameFaults(reader, writer, path), ...symbolFaults(reader, writer, path)];
  }
  if (reader.kind === 'fixed' && writer.kind === 'fixed') {
    return [
      ...nameFaults(reader, writer, path),
      ...sizeFaults(reader, writer, path),
      ...logicalFaults(reader, writer, path),
    ];
  }
  if (reader.kind !== writer.kind && !widened[reader.kind]?.includes(writer.kind)) {
    const message = `the reader has ${typeText(reader)}, the writer ${typeText(writer)}`;
    return [{ kind: 'TYPE_MISMATCH', path, message }];
  }
  return logicalFaults(reader, writer, path);
}

function nameFaults(reader: AvroNamed, writer: AvroNamed, path: string): readonly Fault[] {
  if (sameName(reader, writer)) return [];
  const message = `the reader has ${reader.name}, the writer ${writer.name}, which is no alias of it`;
  return [{ kind: 'NAME_MISMATCH', path: pointer(path, 'name'), message }];
}

function symbolFaults(reader: AvroEnum, writer: AvroEnum, path: string): readonly Fault[] {
  if (reader.default !== undefined) return [];
  const known = new Set(reader.symbols);
  const missing = writer.symbols.filter((symbol) => !known.has(symbol));
  if (missing.length === 0) return [];
  const message = `the reader has no default and lacks the symbols ${missing.join(', ')}`;
  return [{ kind: 'MISSING_ENUM_SYMBOLS', path: pointer(path, 'symbols'), message }];
}

function sizeFaults(reader: AvroFixed, writer: AvroFixed, path: string): readonly Fault[] {
  if (reader.size === writer.size) return [];
  const message = `the reader has ${reader.size} bytes, the writer ${writer.size}`;
  return [{ kind: 'FIXED_SIZE_MISMATCH', path: pointer(path, 'size'), message }];
}

function logicalFaults(reader: ResolvedType, writer: ResolvedType, path: string): readonly Fault[] {
  const read = 'logical' in reader ? reader.logical : undefined;
  const written = 'logical' in writer ? writer.logical : undefined;
  if (read === undefined && written === undefined) return [];
  const message = logicalMismatch(read, written, writer.kind);
  return message === undefined
    ? []
    : [{ kind: 'LOGICAL_TYPE_MISMATCH', path, message: `the reader ${message}` }];
}

function matchRecords(schemas: SchemaPair, reader: AvroRecord, writer: AvroRecord, path: string): Match {
  const faults: Fault[] = [...nameFaults(reader, writer, path)];
  const parts: Part[] = [];
  const written = new Map(writer.fields.map((field) => [field.name, field]));
  reader.fields.forEach((field, index) => {
    const at = pointer(pointer(path, 'fields'), index);
    const found = [field.name, ...field.aliases].flatMap((name) => written.get(name) ?? []);
    const [source, ...others] = new Set(found);
    if (others.length > 0) {
      faults.push({ kind: 'AMBIGUOUS_ALIAS', path: at, message: ambiguousText(field, found) });
    } else if (source !== undefined) {
      parts.push({
        reader: resolveType(schemas.reader, field.type),
        writer: resolveType(schemas.writer, source.type),
        path: pointer(at, 'type'),
      });
    } else if (field.default === undefined) {
      const message = `the writer has no field ${field.name}, and the reader no default for it`;
      faults.push({ kind: 'READER_FIELD_MISSING_DEFAULT_VALUE', path: at, message });
    }
  });
  return { faults, parts, choices: [] };
}

function ambiguousText(field: AvroField, found: readonly AvroField[]): string {
  const names = found.map((each) => each.name).join(', ');
  return `the field ${field.name} of the reader could be any of the writer's fields ${names}`;
}
