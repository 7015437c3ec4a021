import { isRecord } from '../json.ts';
import type { ReferencedText } from '../schema-reference.ts';
import { fullNameOf, isPrimitive, namespaceOf } from './avro-name.ts';
import {
  doubleText,
  type ExactJson,
  type ExactObject,
  parseExactJson,
  writeExactJson,
} from './exact-json.ts';
import { readLogicalType } from './logical-type.ts';
import { simpleName } from './named-type.ts';

/**
 * The text of a schema as Java's `Schema.toString` writes it, which is what Confluent's registry stores, and what a Java
 * client sends when it looks a schema up: attributes in one order, each name as short as it may be, types of referenced
 * schemas by name. The text must be one that was read: what is not as it should be comes out in some way or other.
 */
export function javaAvroText(text: string, references: readonly ReferencedText[] = []): string {
  return writeText(text, references, false);
}

/**
 * The text that Confluent's registry makes of a schema when it is asked to normalize: the same with attributes and
 * aliases sorted, empty documentation left out, and defaults of floating point written as such.
 */
export function normalizeAvro(text: string, references: readonly ReferencedText[] = []): string {
  return writeText(text, references, true);
}

const schemaAttributes = new Set([
  'doc',
  'fields',
  'items',
  'name',
  'namespace',
  'size',
  'symbols',
  'values',
  'type',
  'aliases',
]);
const enumAttributes = new Set([...schemaAttributes, 'default']);
const fieldAttributes = new Set(['default', 'doc', 'name', 'order', 'type', 'aliases']);
/** A name that is one of these words would be read as what the word means. */
const typeWords = new Set(['record', 'enum', 'array', 'map', 'union', 'fixed']);

function writeText(text: string, references: readonly ReferencedText[], normalized: boolean): string {
  const options = { sorted: normalized };
  /** The names that say all from here on. */
  const written = new Set(references.map(({ name }) => name));

  function writeType(json: ExactJson, space: string): string {
    switch (json.kind) {
      case 'text':
        return writeName(json.value, space);
      case 'array':
        return `[${json.items.map((item) => writeType(item, space)).join(',')}]`;
      case 'object':
        return writeObject(json, space);
      default:
        return writeExactJson(json, options);
    }
  }

  function writeObject(json: ExactObject, space: string): string {
    const type = textOf(json, 'type');
    switch (type) {
      case 'array':
        return `{"type":"array","items":${writePart(json, 'items', space)}${others(json, schemaAttributes)}}`;
      case 'map':
        return `{"type":"map","values":${writePart(json, 'values', space)}${others(json, schemaAttributes)}}`;
      case 'record':
      case 'error':
      case 'enum':
      case 'fixed':
        return writeDefinition(json, type, space);
      default: {
        if (!isPrimitive(type)) return writeName(type, space);
        const rest = others(json, schemaAttributes);
        return rest === '' ? `"${type}"` : `{"type":"${type}"${rest}}`;
      }
    }
  }

  function writeDefinition(json: ExactObject, type: string, around: string): string {
    const name = fullNameOf(textOf(json, 'name'), textOf(json, 'namespace', around));
    if (written.has(name)) return writeName(name, around);
    written.add(name);
    const space = namespaceOf(name);
    const head = `{"type":"${type}","name":${JSON.stringify(simpleName(name))}`;
    const placed = space === around ? head : `${head},"namespace":${JSON.stringify(space)}`;
    const doc = json.members.get('doc');
    const kept = doc?.kind === 'text' && !(normalized && doc.value === '') ? writeMember('doc', doc) : '';
    const aliases = writeAliases(
      json,
      (alias) => fullNameOf(alias, space),
      (alias) => shorten(alias, space),
    );
    return `${placed}${kept}${writeBody(json, type, space)}${aliases}}`;
  }

  function writeBody(json: ExactObject, type: string, space: string): string {
    switch (type) {
      case 'enum': {
        const rest = others(json, enumAttributes);
        return `${writeMember('symbols', json.members.get('symbols'))}${writeMember('default', json.members.get('default'))}${rest}`;
      }
      case 'fixed':
        return `${writeMember('size', json.members.get('size'))}${others(json, schemaAttributes)}`;
      default: {
        const fields = json.members.get('fields');
        const items = fields?.kind === 'array' ? fields.items : [];
        const texts = items.map((field) => (field.kind === 'object' ? writeField(field, space) : ''));
        return `,"fields":[${texts.join(',')}]${others(json, schemaAttributes)}`;
      }
    }
  }

  function writeField(field: ExactObject, space: string): string {
    const { members } = field;
    const order = textOf(field, 'order', 'ascending').toLowerCase();
    return [
      `{"name":${JSON.stringify(textOf(field, 'name'))},"type":${writePart(field, 'type', space)}`,
      members.get('doc')?.kind === 'text' ? writeMember('doc', members.get('doc')) : '',
      writeDefault(field),
      order === 'ascending' ? '' : `,"order":"${order}"`,
      writeAliases(field),
      others(field, fieldAttributes),
      '}',
    ].join('');
  }

  function writeDefault({ members }: ExactObject): string {
    const value = members.get('default');
    const type = members.get('type');
    const first = type?.kind === 'array' ? type.items[0] : type;
    const isFloating = first !== undefined && ['float', 'double'].includes(primitiveOf(first));
    if (normalized && isFloating && value?.kind === 'number') {
      return `,"default":${doubleText(Number(value.digits))}`;
    }
    return writeMember('default', value);
  }

  function writeAliases(
    { members }: ExactObject,
    fullOf: (alias: string) => string = (alias) => alias,
    shortOf: (alias: string) => string = (alias) => alias,
  ): string {
    const aliases = members.get('aliases');
    if (aliases?.kind !== 'array' || aliases.items.length === 0) return '';
    const names = aliases.items.map((alias) => (alias.kind === 'text' ? fullOf(alias.value) : ''));
    return `,"aliases":${JSON.stringify((normalized ? names.sort() : names).map(shortOf))}`;
  }

  /** Attributes that Avro does not know. */
  function others(json: ExactObject, known: ReadonlySet<string>): string {
    const own = new Map([...json.members].filter(([key]) => !known.has(key)));
    const logical = known === fieldAttributes ? undefined : logicalOf(json);
    // Java adds the scale that a decimal has without saying so.
    if (logical?.name === 'decimal' && !own.has('scale')) own.set('scale', { kind: 'number', digits: '0' });
    const keys = [...own.keys()];
    const first = logical === undefined ? [] : logicalKeys(own);
    const sorted = normalized ? [...new Set([...first, ...keys.sort()])] : keys;
    return sorted.map((key) => writeMember(key, own.get(key))).join('');
  }

  function writeMember(key: string, value: ExactJson | undefined): string {
    return value === undefined ? '' : `,${JSON.stringify(key)}:${writeExactJson(value, options)}`;
  }

  function writePart({ members }: ExactObject, key: string, space: string): string {
    const part = members.get(key);
    return part === undefined ? '""' : writeType(part, space);
  }

  /** The use of a type: a primitive one, or a name, looked for in the namespace around it first. */
  function writeName(name: string, space: string): string {
    if (isPrimitive(name)) return `"${name}"`;
    const full = fullNameOf(name, space);
    return JSON.stringify(shorten(written.has(full) ? full : name, space));
  }

  return writeType(parseExactJson(text), '');
}

/** Without its namespace, where that is the one around it. */
function shorten(full: string, space: string): string {
  const simple = simpleName(full);
  return namespaceOf(full) === space && !typeWords.has(simple) ? simple : full;
}

function textOf({ members }: ExactObject, key: string, otherwise = ''): string {
  const value = members.get(key);
  return value?.kind === 'text' ? value.value : otherwise;
}

function primitiveOf(json: ExactJson): string {
  if (json.kind === 'text') return json.value;
  return json.kind === 'object' ? textOf(json, 'type') : '';
}

function logicalOf(json: ExactObject): ReturnType<typeof readLogicalType> {
  const type = textOf(json, 'type');
  if (!json.members.has('logicalType') || (type !== 'fixed' && !isPrimitive(type))) return undefined;
  const plain: unknown = JSON.parse(writeExactJson(json, { sorted: false }));
  if (!isRecord(plain)) return undefined;
  const { size } = plain;
  return readLogicalType(plain, type, typeof size === 'number' ? size : undefined);
}

/** What Java writes first of a logical type: the scale only if there is one to tell. */
function logicalKeys(own: ReadonlyMap<string, ExactJson>): readonly string[] {
  const scale = own.get('scale');
  const isScaled = scale?.kind === 'number' && Number(scale.digits) !== 0;
  return ['logicalType', ...(own.has('precision') ? ['precision'] : []), ...(isScaled ? ['scale'] : [])];
}
