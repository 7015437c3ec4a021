import { fullNameOf, isPrimitive, namespaceOf } from '../avro/avro-name.ts';
import { parseSchemaJson } from '../avro/schema-json.ts';
import { isRecord, pointer } from '../json.ts';

export type JsonNode = Readonly<Record<string, unknown>>;

/** A named type where the text defines it. */
export interface AvroDefinition {
  readonly kind: 'record' | 'enum' | 'fixed';
  /** Full name. */
  readonly name: string;
  readonly path: string;
  readonly json: JsonNode;
  /** Of a record. */
  readonly fields: readonly AvroFieldText[];
  /** Of an enum. */
  readonly symbols: readonly string[];
}

export interface AvroFieldText {
  readonly name: string;
  readonly path: string;
  readonly json: JsonNode;
  readonly namespace: string;
}

/** A place of the text where a type stands as an object: with attributes. */
export interface AvroTypeText {
  readonly path: string;
  readonly json: JsonNode;
}

/** An Avro schema as its text has it: with documentation, attributes and places, which readers of data do not need. */
export interface AvroText {
  readonly root: unknown;
  /** In the order of the text. */
  readonly definitions: readonly AvroDefinition[];
  readonly types: readonly AvroTypeText[];
}

/** Reads the text of a schema that is known to be valid; what is not as it should be is passed over. */
export function readAvroText(text: string): AvroText {
  const root = parseSchemaJson(text);
  const definitions: AvroDefinition[] = [];
  const types: AvroTypeText[] = [];

  // The nesting of the text is bounded, so is this recursion.
  function visit(json: unknown, namespace: string, path: string): void {
    if (Array.isArray(json)) {
      for (const [index, branch] of json.entries()) visit(branch, namespace, pointer(path, index));
      return;
    }
    if (!isRecord(json)) return;
    types.push({ path, json });
    const { type } = json;
    switch (type) {
      case 'array':
        visit(json['items'], namespace, pointer(path, 'items'));
        return;
      case 'map':
        visit(json['values'], namespace, pointer(path, 'values'));
        return;
      case 'record':
      case 'error':
      case 'enum':
      case 'fixed':
        visitNamed(json, type === 'error' ? 'record' : type, namespace, path);
        return;
      default:
        return;
    }
  }

  function visitNamed(json: JsonNode, kind: AvroDefinition['kind'], enclosing: string, path: string): void {
    const { name: given, namespace = enclosing } = json;
    if (typeof given !== 'string' || typeof namespace !== 'string') return;
    const name = fullNameOf(given, namespace);
    const fields = fieldsOf(json, namespaceOf(name), path);
    definitions.push({ kind, name, path, json, fields, symbols: textsOf(json['symbols']) });
    for (const field of fields) visit(field.json['type'], field.namespace, pointer(field.path, 'type'));
  }

  visit(root, '', '');
  return { root, definitions, types };
}

/** The texts among the items of what may be a list. */
export function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A type for people, named types by full name: `null | string`, `array<shop.Line>`, `bytes (decimal(10, 2))`. */
export function avroTypeText(json: unknown, namespace: string, isDefined: (name: string) => boolean): string {
  if (typeof json === 'string') {
    if (isPrimitive(json)) return json;
    const full = fullNameOf(json, namespace);
    return isDefined(full) || !isDefined(json) ? full : json;
  }
  if (Array.isArray(json)) {
    return json.map((branch: unknown) => avroTypeText(branch, namespace, isDefined)).join(' | ');
  }
  if (!isRecord(json)) return '';
  const { type, name } = json;
  if (type === 'array') return `array<${avroTypeText(json['items'], namespace, isDefined)}>`;
  if (type === 'map') return `map<${avroTypeText(json['values'], namespace, isDefined)}>`;
  if (typeof name === 'string') {
    const own = json['namespace'];
    return fullNameOf(name, typeof own === 'string' ? own : namespace);
  }
  return `${avroTypeText(type, namespace, isDefined)}${logicalOf(json)}`;
}

/** ` (decimal(10, 2))`, as the text says it, whether an implementation honours it or not. */
export function logicalOf({ logicalType, precision, scale = 0 }: JsonNode): string {
  if (typeof logicalType !== 'string') return '';
  return precision === undefined ? ` (${logicalType})` : ` (${logicalType}(${precision}, ${scale}))`;
}

function fieldsOf(json: JsonNode, namespace: string, path: string): readonly AvroFieldText[] {
  const fields = json['fields'];
  if (!Array.isArray(fields)) return [];
  return fields.flatMap((field: unknown, index): AvroFieldText[] => {
    if (!isRecord(field) || typeof field['name'] !== 'string') return [];
    return [{ name: field['name'], path: pointer(pointer(path, 'fields'), index), json: field, namespace }];
  });
}
