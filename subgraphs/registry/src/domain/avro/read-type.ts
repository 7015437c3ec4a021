import { Problem } from '@spine/kernel/problem';
import { isRecord, pointer } from '../json.ts';
import { fullNameOf, isFullName, isPrimitive, isSimpleName, namespaceOf } from './avro-name.ts';
import type { AvroField, AvroNamed, AvroNotes, AvroType, LogicalType } from './avro-schema.ts';
import { readLogicalType } from './logical-type.ts';
import { simpleName } from './named-type.ts';

const maxTypes = 100_000;

/** What is known while one text is read. */
export interface Reading {
  /** Of the texts before this one. */
  readonly known: ReadonlyMap<string, AvroNamed>;
  readonly named: Map<string, AvroNamed>;
  /** Where the names of this text are defined. One counts as soon as its definition has begun: a record may use itself. */
  readonly begun: Map<string, string>;
  /** Checked when all names are known. */
  readonly defaults: { readonly type: AvroType; readonly value: unknown; readonly path: string }[];
  readonly size: Size;
}

/** Of all texts together. */
export interface Size {
  types: number;
  defaultSteps: number;
}

/** Reads the JSON of a type, of any kind, with all that is defined inside it. */
export function readType(reading: Reading, json: unknown, namespace: string, path: string): AvroType {
  reading.size.types += 1;
  if (reading.size.types > maxTypes) throw invalid(path, `it has more than ${maxTypes} types`);
  if (typeof json === 'string') return readName(reading, json, namespace, path);
  if (Array.isArray(json)) return readUnion(reading, json, namespace, path);
  if (!isRecord(json)) throw invalid(path, 'a type is a name, an object or an array');
  const type = json['type'];
  switch (type) {
    case 'array':
      return { kind: 'array', items: readPart(reading, json, 'items', namespace, path) };
    case 'map':
      return { kind: 'map', values: readPart(reading, json, 'values', namespace, path) };
    case 'record':
    case 'error':
    case 'enum':
    case 'fixed':
      return readNamed(reading, json, type, namespace, path);
    default:
      if (typeof type !== 'string') throw invalid(pointer(path, 'type'), 'the type of a schema is a name');
      if (isPrimitive(type)) return { kind: type, ...logicalOf(readLogicalType(json, type)) };
      return readName(reading, type, namespace, pointer(path, 'type'));
  }
}

function readPart(
  reading: Reading,
  json: Readonly<Record<string, unknown>>,
  key: string,
  namespace: string,
  path: string,
): AvroType {
  if (!Object.hasOwn(json, key)) throw invalid(path, `it lacks ${key}`);
  return readType(reading, json[key], namespace, pointer(path, key));
}

function readName(reading: Reading, name: string, namespace: string, path: string): AvroType {
  if (isPrimitive(name)) return { kind: name };
  const full = fullNameOf(name, namespace);
  // A name without a namespace may be meant from inside one (Java looks there, too).
  const found = [full, name].find((each) => reading.begun.has(each) || reading.known.has(each));
  if (found === undefined) {
    throw invalid(
      path,
      `${JSON.stringify(name)} is no Avro type, and no type of that name is defined before it or by a reference`,
    );
  }
  return { kind: 'reference', name: found };
}

function readUnion(reading: Reading, json: readonly unknown[], namespace: string, path: string): AvroType {
  const seen = new Set<string>();
  const branches = json.map((item, index) => {
    const at = pointer(path, index);
    const branch = readType(reading, item, namespace, at);
    if (branch.kind === 'union') throw invalid(at, 'a union may not hold a union directly');
    const identity = branch.kind === 'reference' ? `name ${branch.name}` : branch.kind;
    if (seen.has(identity)) throw invalid(at, 'a union holds each unnamed type and each name once');
    seen.add(identity);
    return branch;
  });
  return { kind: 'union', branches };
}

function readNamed(
  reading: Reading,
  json: Readonly<Record<string, unknown>>,
  type: 'record' | 'error' | 'enum' | 'fixed',
  enclosing: string,
  path: string,
): AvroType {
  const name = readFullName(json, enclosing, path);
  if (reading.begun.has(name)) throw invalid(pointer(path, 'name'), `${name} is defined twice`);
  reading.begun.set(name, path);
  const namespace = namespaceOf(name);
  const aliases = readNames(json['aliases'], pointer(path, 'aliases'), isFullName).map((alias) =>
    fullNameOf(alias, namespace),
  );
  const notes = notesOf(json, typeAttributes[type === 'error' ? 'record' : type]);
  // Takes its place in the order of definitions before the types inside it do.
  reading.named.set(name, { kind: 'record', name, aliases, isError: false, fields: [] });
  switch (type) {
    case 'fixed': {
      const size = json['size'];
      if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || size >= 2 ** 31) {
        throw invalid(pointer(path, 'size'), 'the size of a fixed is a whole number of bytes');
      }
      const logical = logicalOf(readLogicalType(json, 'fixed', size));
      reading.named.set(name, { kind: 'fixed', name, aliases, size, ...logical, ...notes });
      break;
    }
    case 'enum': {
      const symbols = readNames(json['symbols'] ?? null, pointer(path, 'symbols'), isSimpleName);
      if (new Set(symbols).size < symbols.length) {
        throw invalid(pointer(path, 'symbols'), 'a symbol stands twice');
      }
      const fallback = json['default'];
      if (fallback !== undefined && !symbols.some((symbol) => symbol === fallback)) {
        throw invalid(pointer(path, 'default'), 'the default of an enum is one of its symbols');
      }
      const given = typeof fallback === 'string' ? { default: fallback } : {};
      reading.named.set(name, { kind: 'enum', name, aliases, symbols, ...given, ...notes });
      break;
    }
    default: {
      const fields = readFields(reading, json['fields'], namespace, pointer(path, 'fields'));
      const isError = type === 'error';
      reading.named.set(name, { kind: 'record', name, aliases, isError, fields, ...notes });
    }
  }
  return { kind: 'reference', name };
}

function readFullName(json: Readonly<Record<string, unknown>>, enclosing: string, path: string): string {
  const { name, namespace = enclosing } = json;
  if (typeof name !== 'string' || !isFullName(name)) {
    throw invalid(
      pointer(path, 'name'),
      'a name is letters, digits and _, parts joined by dots, no digit first',
    );
  }
  if (typeof namespace !== 'string' || (namespace !== '' && !isFullName(namespace))) {
    throw invalid(pointer(path, 'namespace'), 'a namespace is names joined by dots');
  }
  if (isPrimitive(simpleName(name)))
    throw invalid(pointer(path, 'name'), `${name} names a type of Avro itself`);
  return fullNameOf(name, namespace);
}

function readFields(reading: Reading, json: unknown, namespace: string, path: string): readonly AvroField[] {
  if (!Array.isArray(json)) throw invalid(path, 'the fields of a record are an array');
  const seen = new Set<string>();
  return json.map((item: unknown, index) => {
    const at = pointer(path, index);
    if (!isRecord(item)) throw invalid(at, 'a field is an object');
    const { name, 'spine.name': sourceName } = item;
    if (typeof name !== 'string' || !isSimpleName(name)) {
      throw invalid(pointer(at, 'name'), 'a field name is letters, digits and _, no digit first');
    }
    if (seen.has(name)) throw invalid(pointer(at, 'name'), `the field ${name} stands twice`);
    seen.add(name);
    const order = readOrder(item['order'], pointer(at, 'order'));
    const aliases = readNames(item['aliases'], pointer(at, 'aliases'), isSimpleName);
    const type = readPart(reading, item, 'type', namespace, at);
    const field: AvroField = {
      name,
      aliases,
      type,
      ...(order !== 'ascending' && { order }),
      ...(typeof sourceName === 'string' && { sourceName }),
      ...notesOf(item, fieldAttributes),
    };
    if (!Object.hasOwn(item, 'default')) return field;
    reading.defaults.push({ type, value: item['default'], path: pointer(at, 'default') });
    return { ...field, default: { value: item['default'] } };
  });
}

/** Java takes the words in capitals, too. */
function readOrder(json: unknown, path: string): 'ascending' | 'descending' | 'ignore' {
  const order = typeof json === 'string' ? json.toLowerCase() : json;
  if (order === undefined) return 'ascending';
  if (order === 'ascending' || order === 'descending' || order === 'ignore') return order;
  throw invalid(path, 'the order of a field is ascending, descending or ignore');
}

function readNames(json: unknown, path: string, isValid: (name: string) => boolean): readonly string[] {
  if (json === undefined) return [];
  if (!Array.isArray(json)) throw invalid(path, 'it is an array of names');
  const names = json.map((name: unknown, index) => {
    if (typeof name === 'string' && isValid(name)) return name;
    throw invalid(pointer(path, index), 'a name is letters, digits and _, no digit first');
  });
  return names;
}

const fieldAttributes: ReadonlySet<string> = new Set(['name', 'type', 'doc', 'default', 'order', 'aliases']);
const namedAttributes = ['type', 'name', 'namespace', 'doc', 'aliases'];
const typeAttributes: Readonly<Record<AvroNamed['kind'], ReadonlySet<string>>> = {
  record: new Set([...namedAttributes, 'fields']),
  enum: new Set([...namedAttributes, 'symbols', 'default']),
  fixed: new Set([...namedAttributes, 'size']),
};

/** The documentation of a field or named type, and the attributes that are not Avro's own. */
function notesOf(json: Readonly<Record<string, unknown>>, own: ReadonlySet<string>): AvroNotes {
  const { doc } = json;
  const others = Object.entries(json).filter(([key]) => !own.has(key));
  return {
    ...(typeof doc === 'string' && { doc }),
    ...(others.length > 0 && { properties: Object.fromEntries(others) }),
  };
}

function logicalOf(logical: LogicalType | undefined): { readonly logical?: LogicalType } {
  return logical === undefined ? {} : { logical };
}

/** A fault of the schema at a place of its text. */
export function invalid(path: string, message: string): Problem {
  return new Problem(
    'SCHEMA_INVALID',
    `invalid Avro schema at ${path === '' ? 'its root' : path}: ${message}`,
    {
      path,
      fix: 'correct the schema there (Avro specification 1.12)',
    },
  );
}
