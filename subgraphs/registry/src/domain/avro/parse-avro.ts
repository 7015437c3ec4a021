import { Problem } from '@spine/kernel/problem';
import { isRecord, pointer } from '../json.ts';
import { fullNameOf, isFullName, isPrimitive, isSimpleName, namespaceOf } from './avro-name.ts';
import type { AvroField, AvroNamed, AvroSchema, AvroType, LogicalType } from './avro-schema.ts';
import { defaultFault } from './default-value.ts';
import { readLogicalType } from './logical-type.ts';
import { simpleName } from './named-type.ts';
import { parseSchemaJson } from './schema-json.ts';

const maxTypes = 20_000;
const maxDefaultSteps = 200_000;

interface Reading {
  readonly named: Map<string, AvroNamed>;
  /** Names whose definition has begun: a record may use itself. */
  readonly begun: Set<string>;
  /** Checked when all names are known. */
  readonly defaults: { readonly type: AvroType; readonly value: unknown; readonly path: string }[];
  types: number;
}

/**
 * Reads an Avro schema (specification 1.12) into a plain, finite tree with full names. Throws SCHEMA_INVALID with a
 * JSON pointer to the first fault. An empty union is accepted, as the Java implementation does.
 */
export function parseAvro(text: string): AvroSchema {
  const reading: Reading = { named: new Map(), begun: new Set(), defaults: [], types: 0 };
  const root = readType(reading, parseSchemaJson(text), '', '');
  let steps = 0;
  const scope = {
    find: (name: string) => reading.named.get(name),
    spend: () => {
      steps += 1;
      if (steps > maxDefaultSteps) throw invalid('', 'its defaults are too large to check');
    },
  };
  for (const { type, value, path } of reading.defaults) {
    const fault = defaultFault(scope, type, value);
    if (fault !== undefined) throw invalid(path, `the default ${fault}`);
  }
  return { root, named: reading.named };
}

function readType(reading: Reading, json: unknown, namespace: string, path: string): AvroType {
  reading.types += 1;
  if (reading.types > maxTypes) throw invalid(path, `it has more than ${maxTypes} types`);
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
  const known = [full, name].find((candidate) => reading.begun.has(candidate));
  if (known === undefined) {
    throw invalid(
      path,
      `${JSON.stringify(name)} is no Avro type, and no type of that name is defined before it`,
    );
  }
  return { kind: 'reference', name: known };
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
  reading.begun.add(name);
  const namespace = namespaceOf(name);
  const aliases = readNames(json['aliases'], pointer(path, 'aliases'), isFullName).map((alias) =>
    fullNameOf(alias, namespace),
  );
  // Takes its place in the order of definitions before the types inside it do.
  reading.named.set(name, { kind: 'record', name, aliases, isError: false, fields: [] });
  switch (type) {
    case 'fixed': {
      const size = json['size'];
      if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || size >= 2 ** 31) {
        throw invalid(pointer(path, 'size'), 'the size of a fixed is a whole number of bytes');
      }
      const logical = logicalOf(readLogicalType(json, 'fixed', size));
      reading.named.set(name, { kind: 'fixed', name, aliases, size, ...logical });
      break;
    }
    case 'enum': {
      const symbols = readNames(json['symbols'] ?? null, pointer(path, 'symbols'), isSimpleName);
      const fallback = json['default'];
      if (fallback !== undefined && !symbols.some((symbol) => symbol === fallback)) {
        throw invalid(pointer(path, 'default'), 'the default of an enum is one of its symbols');
      }
      const given = typeof fallback === 'string' ? { default: fallback } : {};
      reading.named.set(name, { kind: 'enum', name, aliases, symbols, ...given });
      break;
    }
    default: {
      const fields = readFields(reading, json['fields'], namespace, pointer(path, 'fields'));
      reading.named.set(name, { kind: 'record', name, aliases, isError: type === 'error', fields });
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
    const { name, order = 'ascending', 'spine.name': sourceName } = item;
    if (typeof name !== 'string' || !isSimpleName(name)) {
      throw invalid(pointer(at, 'name'), 'a field name is letters, digits and _, no digit first');
    }
    if (seen.has(name)) throw invalid(pointer(at, 'name'), `the field ${name} stands twice`);
    seen.add(name);
    if (order !== 'ascending' && order !== 'descending' && order !== 'ignore') {
      throw invalid(pointer(at, 'order'), 'the order of a field is ascending, descending or ignore');
    }
    const aliases = readNames(item['aliases'], pointer(at, 'aliases'), isSimpleName);
    const type = readPart(reading, item, 'type', namespace, at);
    const field = { name, aliases, type, ...(typeof sourceName === 'string' && { sourceName }) };
    if (!Object.hasOwn(item, 'default')) return field;
    reading.defaults.push({ type, value: item['default'], path: pointer(at, 'default') });
    return { ...field, default: { value: item['default'] } };
  });
}

function readNames(json: unknown, path: string, isValid: (name: string) => boolean): readonly string[] {
  if (json === undefined) return [];
  if (!Array.isArray(json)) throw invalid(path, 'it is an array of names');
  const names = json.map((name: unknown, index) => {
    if (typeof name === 'string' && isValid(name)) return name;
    throw invalid(pointer(path, index), 'a name is letters, digits and _, no digit first');
  });
  if (new Set(names).size < names.length) throw invalid(path, 'a name stands twice');
  return names;
}

function logicalOf(logical: LogicalType | undefined): { readonly logical?: LogicalType } {
  return logical === undefined ? {} : { logical };
}

function invalid(path: string, message: string): Problem {
  return new Problem(
    'SCHEMA_INVALID',
    `invalid Avro schema at ${path === '' ? 'its root' : path}: ${message}`,
    {
      path,
      fix: 'correct the schema there (Avro specification 1.12)',
    },
  );
}
