import type { IncompatibilityKind } from '../incompatibility.ts';
import {
  type AvroEnum,
  type AvroField,
  type AvroFixed,
  type AvroNamed,
  type AvroRecord,
  type AvroType,
  primitiveKinds,
  type ResolvedType,
} from './avro-schema.ts';
import type { Comparison, TypePair } from './comparison.ts';
import { logicalMismatch, logicalText } from './logical-type.ts';
import { misreadDatum } from './misread-datum.ts';
import { resolveType, simpleName } from './named-type.ts';
import { type Branch, isWidened } from './reader-branches.ts';

/** What one level of two types says: what is wrong here, and which pairs below must hold, too. */
export interface Match {
  readonly faults: readonly Fault[];
  /** Each must be readable. */
  readonly parts: readonly Part[];
  /** Each writer's type must be readable by one branch of the reader's union. */
  readonly choices: readonly Choice[];
}

export interface Fault {
  readonly kind: IncompatibilityKind;
  readonly path: string;
  /** Made only where it is told: most comparisons just want to know whether there is a fault. */
  message(): string;
  readonly writer: ResolvedType;
  /** What of the writer's type is not read; absent where nothing of it is. In Avro's JSON form. */
  readonly datum?: unknown;
}

export interface Part extends TypePair {
  readonly path: string;
  /** How a datum of the writer gets here; absent where both types are parts of the same datum as before. */
  readonly step?: WriterStep;
}

export interface Choice {
  readonly branches: readonly Branch[];
  readonly writer: ResolvedType;
  readonly path: string;
  /** Where the reader's union stands: the path may have the writer's branch as one step more. */
  readonly unionPath: string;
  readonly step?: WriterStep;
}

/** From a datum of the writer to one inside it. */
export type WriterStep =
  | { readonly into: 'field'; readonly record: AvroRecord; readonly name: string }
  | { readonly into: 'items' | 'values' }
  | { readonly into: 'branch'; readonly type: ResolvedType };

/** Compares the top level of two types by the rules of schema resolution (Avro 1.12); `path` is where the reader's stands. */
export function matchTypes(comparison: Comparison, { reader, writer }: TypePair, path: string): Match {
  if (reader.kind === 'union') {
    if (writer.kind !== 'union') {
      const branches = comparison.branchesFor(reader, writer);
      return { ...nothing, choices: [{ branches, writer, path, unionPath: path }] };
    }
    comparison.spend(writer.branches.length);
    const choices = writer.branches.map((branch, index): Choice => {
      const type = resolveType(comparison.writer, branch);
      return {
        branches: comparison.branchesFor(reader, type),
        writer: type,
        path: `${path}/${index}`,
        unionPath: path,
        step: { into: 'branch', type },
      };
    });
    return { ...nothing, choices };
  }
  if (writer.kind === 'union') {
    comparison.spend(writer.branches.length);
    const parts = writer.branches.map((branch, index): Part => {
      const type = resolveType(comparison.writer, branch);
      return { reader, writer: type, path: `${path}/${index}`, step: { into: 'branch', type } };
    });
    return { ...nothing, parts };
  }
  if (reader.kind === 'record' && writer.kind === 'record') {
    return matchRecords(comparison, reader, writer, path);
  }
  if (reader.kind === 'array' && writer.kind === 'array') {
    const pair = resolvePair(comparison, reader.items, writer.items);
    return { ...nothing, parts: [{ ...pair, path: `${path}/items`, step: { into: 'items' } }] };
  }
  if (reader.kind === 'map' && writer.kind === 'map') {
    const pair = resolvePair(comparison, reader.values, writer.values);
    return { ...nothing, parts: [{ ...pair, path: `${path}/values`, step: { into: 'values' } }] };
  }
  return { ...nothing, faults: leafFaults(comparison, reader, writer, path) };
}

/** Whether the names fit: without their namespaces, or by a full name among the reader's aliases. */
export function sameName(reader: AvroNamed, writer: AvroNamed): boolean {
  return simpleName(reader.name) === simpleName(writer.name) || reader.aliases.includes(writer.name);
}

/** A breach if the names do not fit. */
export function nameFaults(reader: AvroNamed, writer: AvroNamed, path: string): readonly Fault[] {
  if (sameName(reader, writer)) return [];
  const message = () => `the reader has ${reader.name}, the writer ${writer.name}, which is no alias of it`;
  return [{ kind: 'NAME_MISMATCH', path: `${path}/name`, message, writer }];
}

/** The fields of the writer that a field of the reader could take its values from: one, none, or too many. */
export function sourcesOf(field: AvroField, written: ReadonlyMap<string, AvroField>): readonly AvroField[] {
  const direct = written.get(field.name);
  const given = direct === undefined ? [] : [direct];
  if (field.aliases.length === 0) return given;
  return [...new Set([...given, ...field.aliases.flatMap((alias) => written.get(alias) ?? [])])];
}

/** How a type is named in messages. */
export function typeText(type: ResolvedType): string {
  if ('name' in type) return `${type.kind} ${type.name}`;
  return 'logical' in type && type.logical !== undefined
    ? `${type.kind} (${logicalText(type.logical)})`
    : type.kind;
}

/** Symbols that a message names. */
const maxListed = 20;

const nothing: Match = { faults: [], parts: [], choices: [] };

function resolvePair(comparison: Comparison, reader: AvroType, writer: AvroType): TypePair {
  return { reader: resolveType(comparison.reader, reader), writer: resolveType(comparison.writer, writer) };
}

function leafFaults(
  { profile, spend }: Comparison,
  reader: ResolvedType,
  writer: ResolvedType,
  path: string,
): readonly Fault[] {
  if (reader.kind === 'enum' && writer.kind === 'enum') {
    spend(writer.symbols.length);
    return [...nameFaults(reader, writer, path), ...symbolFaults(reader, writer, path)];
  }
  const logical = profile === 'strict' ? logicalFaults(reader, writer, path) : [];
  if (reader.kind === 'fixed' && writer.kind === 'fixed') {
    return [...nameFaults(reader, writer, path), ...sizeFaults(reader, writer, path), ...logical];
  }
  if (reader.kind === writer.kind || isWidened(reader.kind, writer.kind)) return logical;
  return [mismatch(reader, writer, path)];
}

function mismatch(reader: ResolvedType, writer: ResolvedType, path: string): Fault {
  const message = () => `the reader has ${typeText(reader)}, the writer ${typeText(writer)}`;
  return { kind: 'TYPE_MISMATCH', path, message, writer };
}

function symbolFaults(reader: AvroEnum, writer: AvroEnum, path: string): readonly Fault[] {
  if (reader.default !== undefined) return [];
  const known = new Set(reader.symbols);
  const missing = writer.symbols.filter((symbol) => !known.has(symbol));
  if (missing.length === 0) return [];
  const message = () => `the reader has no default and lacks the symbols ${listed(missing)}`;
  const at = `${path}/symbols`;
  return [{ kind: 'MISSING_ENUM_SYMBOLS', path: at, message, writer, datum: missing[0] }];
}

function listed(symbols: readonly string[]): string {
  const first = symbols.slice(0, maxListed).join(', ');
  return symbols.length > maxListed ? `${first} and ${symbols.length - maxListed} more` : first;
}

function sizeFaults(reader: AvroFixed, writer: AvroFixed, path: string): readonly Fault[] {
  if (reader.size === writer.size) return [];
  const message = () => `the reader has ${reader.size} bytes, the writer ${writer.size}`;
  return [{ kind: 'FIXED_SIZE_MISMATCH', path: `${path}/size`, message, writer }];
}

function logicalFaults(reader: ResolvedType, writer: ResolvedType, path: string): readonly Fault[] {
  const read = 'logical' in reader ? reader.logical : undefined;
  const written = 'logical' in writer ? writer.logical : undefined;
  const text = logicalMismatch(read, written, writer.kind);
  if (text === undefined) return [];
  const message = () => `the reader ${text}`;
  return [{ kind: 'LOGICAL_TYPE_MISMATCH', path, message, writer, datum: misreadDatum(writer, read) }];
}

function matchRecords(comparison: Comparison, reader: AvroRecord, writer: AvroRecord, path: string): Match {
  comparison.spend(reader.fields.length + writer.fields.length);
  const faults: Fault[] = [...nameFaults(reader, writer, path)];
  const parts: Part[] = [];
  const written = comparison.fieldsOf(writer);
  reader.fields.forEach((field, index) => {
    const at = `${path}/fields/${index}`;
    comparison.spend(field.aliases.length);
    const [source, ...others] = sourcesOf(field, written);
    if (source === undefined) {
      faults.push(...absenceFaults(comparison, field, writer, at));
    } else if (others.length > 0) {
      const message = () => ambiguousText(field, [source, ...others]);
      faults.push({ kind: 'AMBIGUOUS_ALIAS', path: at, message, writer });
    } else {
      // Most fields are the same on both sides, and a publish compares them with every version of its line.
      if (isSameLeaf(field.type, source.type)) return;
      const pair = resolvePair(comparison, field.type, source.type);
      const step: WriterStep = { into: 'field', record: writer, name: source.name };
      parts.push({ ...pair, path: `${at}/type`, step });
    }
  });
  return { faults, parts, choices: [] };
}

/** Whether two types are plainly the same: the same primitive without a meaning of its own, or a union of such, branch by branch. */
function isSameLeaf(reader: AvroType, writer: AvroType): boolean {
  if (reader.kind === 'union') {
    return (
      writer.kind === 'union' &&
      reader.branches.length === writer.branches.length &&
      reader.branches.every((branch, index) => isSamePrimitive(branch, writer.branches[index]))
    );
  }
  return isSamePrimitive(reader, writer);
}

function isSamePrimitive(reader: AvroType, writer: AvroType | undefined): boolean {
  return (
    reader.kind === writer?.kind &&
    primitives.has(reader.kind) &&
    !('logical' in reader && reader.logical !== undefined) &&
    !('logical' in writer && writer.logical !== undefined)
  );
}

const primitives: ReadonlySet<string> = new Set(primitiveKinds);

function absenceFaults(
  comparison: Comparison,
  field: AvroField,
  writer: AvroRecord,
  path: string,
): readonly Fault[] {
  if (field.default !== undefined) return [];
  const type = resolveType(comparison.reader, field.type);
  if (comparison.profile === 'confluent' && type.kind === 'enum' && type.default !== undefined) {
    // Java takes the default of the enum for one of the field at first, and then compares the enum with the whole record.
    return [mismatch(type, writer, `${path}/type`)];
  }
  const message = () => `the writer has no field ${field.name}, and the reader no default for it`;
  return [{ kind: 'READER_FIELD_MISSING_DEFAULT_VALUE', path, message, writer }];
}

function ambiguousText(field: AvroField, found: readonly AvroField[]): string {
  const names = found.map((each) => each.name).join(', ');
  return `the field ${field.name} of the reader could be any of the writer's fields ${names}`;
}
