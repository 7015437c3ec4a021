import { isRecord } from '../../../domain/json.ts';
import {
  type NumberRange,
  type ProtoEnum,
  type ProtoField,
  type ProtoFile,
  type ProtoImport,
  type ProtoMessage,
  type ProtoOption,
  type ProtoType,
  type ScalarType,
  scalarTypes,
} from '../../../domain/protobuf/proto-file.ts';
import { jsonNameOf } from '../json-name.ts';
import { descriptorCodec, type PlainDescriptor } from './descriptor-codec.ts';
import { typeWords } from './descriptor-words.ts';
import { readDescriptorOptions } from './read-descriptor-options.ts';

/** The file of a FileDescriptorProto in base64; undefined if the text is none. It has no comments and no lines. */
export function readDescriptor(text: string): ProtoFile | undefined {
  const compact = text.trim();
  // No .proto text that says anything is free of spaces, braces and semicolons.
  if (compact.length < 4 || !/^[A-Za-z0-9+/\r\n]+={0,2}$/.test(compact)) return undefined;
  const plain = descriptorCodec().decode(Buffer.from(compact, 'base64'));
  if (plain === undefined) return undefined;
  const syntax = textOf(plain, 'syntax');
  const head =
    syntax === 'editions' || plain['edition'] !== undefined
      ? { syntax: 'editions' as const, edition: textOf(plain, 'edition').replace('EDITION_', '') }
      : { syntax: syntax === 'proto3' ? ('proto3' as const) : ('proto2' as const) };
  const place = { syntax: head.syntax, scope: textOf(plain, 'package') };
  return {
    ...head,
    package: place.scope,
    imports: readImports(plain),
    options: readDescriptorOptions(plain['options']),
    messages: listOf(plain, 'messageType').map((each) => readMessage(place, each)),
    enums: listOf(plain, 'enumType').map(readEnum),
    extensions: listOf(plain, 'extension').map((each) => readField(place, each, [], new Map())),
    services: listOf(plain, 'service').map((service) => ({
      name: textOf(service, 'name'),
      options: readDescriptorOptions(service['options']),
      methods: listOf(service, 'method').map((method) => ({
        name: textOf(method, 'name'),
        options: readDescriptorOptions(method['options']),
        request: textOf(method, 'inputType'),
        response: textOf(method, 'outputType'),
        clientStreaming: method['clientStreaming'] === true,
        serverStreaming: method['serverStreaming'] === true,
      })),
    })),
  };
}

interface Place {
  readonly syntax: ProtoFile['syntax'];
  /** Full name of what the piece lies in. */
  readonly scope: string;
}

function readImports(plain: PlainDescriptor): readonly ProtoImport[] {
  const publicOnes = numbersOf(plain, 'publicDependency');
  const weakOnes = numbersOf(plain, 'weakDependency');
  return textsOf(plain, 'dependency').map((path, index) => ({
    path,
    kind: publicOnes.includes(index) ? 'public' : weakOnes.includes(index) ? 'weak' : 'plain',
  }));
}

function readMessage(place: Place, plain: PlainDescriptor): ProtoMessage {
  const name = textOf(plain, 'name');
  const inside = { ...place, scope: place.scope === '' ? name : `${place.scope}.${name}` };
  const nested = listOf(plain, 'nestedType');
  const isMapEntry = (each: PlainDescriptor): boolean =>
    isRecord(each['options']) && each['options']['mapEntry'] === true;
  const entries = new Map(
    nested.filter(isMapEntry).map((entry) => [`.${inside.scope}.${textOf(entry, 'name')}`, entry]),
  );
  const oneofs = listOf(plain, 'oneofDecl').map((oneof) => ({
    name: textOf(oneof, 'name'),
    options: readDescriptorOptions(oneof['options']),
  }));
  const oneofNames = oneofs.map((oneof) => oneof.name);
  const fields = listOf(plain, 'field').map((field) => readField(inside, field, oneofNames, entries));
  const used = new Set(fields.map((field) => field.oneof));
  return {
    name,
    options: readDescriptorOptions(plain['options']),
    fields,
    // What a compiler makes of `optional` in proto3 has no members here.
    oneofs: oneofs.filter((oneof) => used.has(oneof.name)),
    messages: nested.filter((each) => !isMapEntry(each)).map((each) => readMessage(inside, each)),
    enums: listOf(plain, 'enumType').map(readEnum),
    extensions: listOf(plain, 'extension').map((each) => readField(inside, each, [], new Map())),
    extensionRanges: readRanges(plain, 'extensionRange', 1),
    reservedRanges: readRanges(plain, 'reservedRange', 1),
    reservedNames: textsOf(plain, 'reservedName'),
  };
}

function readField(
  { syntax }: Place,
  plain: PlainDescriptor,
  oneofNames: readonly string[],
  entries: ReadonlyMap<string, PlainDescriptor>,
): ProtoField {
  const name = textOf(plain, 'name');
  const isProto3Optional = plain['proto3Optional'] === true;
  const index = plain['oneofIndex'];
  const oneof = typeof index === 'number' && !isProto3Optional ? oneofNames[index] : undefined;
  const entry = entries.get(textOf(plain, 'typeName'));
  const label = readLabel(syntax, textOf(plain, 'label'), isProto3Optional);
  const extendee = textOf(plain, 'extendee');
  return {
    name,
    number: numberOf(plain, 'number'),
    type: entry === undefined ? readType(plain) : readMapType(entry),
    isGroup: textOf(plain, 'type') === 'TYPE_GROUP',
    options: readFieldOptions(plain, name),
    ...(label !== undefined && oneof === undefined && entry === undefined && { label }),
    ...(oneof !== undefined && { oneof }),
    ...(extendee !== '' && { extendee }),
  };
}

function readLabel(
  syntax: ProtoFile['syntax'],
  label: string,
  isProto3Optional: boolean,
): ProtoField['label'] {
  if (label === 'LABEL_REPEATED') return 'repeated';
  if (label === 'LABEL_REQUIRED') return 'required';
  return syntax === 'proto2' || isProto3Optional ? 'optional' : undefined;
}

const scalarOfWord: ReadonlyMap<string, ScalarType> = new Map(
  scalarTypes.map((scalar) => [typeWords[scalar], scalar]),
);

function readType(plain: PlainDescriptor): ProtoType {
  const scalar = scalarOfWord.get(textOf(plain, 'type'));
  return scalar === undefined
    ? { kind: 'named', name: textOf(plain, 'typeName') }
    : { kind: 'scalar', scalar };
}

function readMapType(entry: PlainDescriptor): ProtoType {
  const fields = listOf(entry, 'field');
  const key = fields.find((field) => field['number'] === 1);
  const value = fields.find((field) => field['number'] === 2);
  const keyType = key === undefined ? undefined : scalarOfWord.get(textOf(key, 'type'));
  const valueType: ProtoType = value === undefined ? { kind: 'scalar', scalar: 'string' } : readType(value);
  return { kind: 'map', key: keyType ?? 'string', value: valueType };
}

function readFieldOptions(plain: PlainDescriptor, name: string): readonly ProtoOption[] {
  const options = [...readDescriptorOptions(plain['options'])];
  const fallback = plain['defaultValue'];
  if (typeof fallback === 'string') {
    const isText = plain['type'] === 'TYPE_STRING' || plain['type'] === 'TYPE_BYTES';
    options.push({ name: 'default', value: { kind: isText ? 'string' : 'word', text: fallback } });
  }
  const jsonName = textOf(plain, 'jsonName');
  if (jsonName !== '' && jsonName !== jsonNameOf(name)) {
    options.push({ name: 'json_name', value: { kind: 'string', text: jsonName } });
  }
  return options;
}

function readEnum(plain: PlainDescriptor): ProtoEnum {
  return {
    name: textOf(plain, 'name'),
    options: readDescriptorOptions(plain['options']),
    values: listOf(plain, 'value').map((value) => ({
      name: textOf(value, 'name'),
      number: numberOf(value, 'number'),
      options: readDescriptorOptions(value['options']),
    })),
    reservedRanges: readRanges(plain, 'reservedRange', 0),
    reservedNames: textsOf(plain, 'reservedName'),
  };
}

/** Ranges of messages end before their last number, those of enums with it. */
function readRanges(plain: PlainDescriptor, key: string, beyond: number): readonly NumberRange[] {
  return listOf(plain, key).map((range) => ({
    first: numberOf(range, 'start'),
    last: numberOf(range, 'end') - beyond,
  }));
}

function textOf(plain: PlainDescriptor, key: string): string {
  const value = plain[key];
  return typeof value === 'string' ? value : '';
}

function numberOf(plain: PlainDescriptor, key: string): number {
  const value = plain[key];
  return typeof value === 'number' ? value : 0;
}

function listOf(plain: PlainDescriptor, key: string): readonly PlainDescriptor[] {
  const value = plain[key];
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function textsOf(plain: PlainDescriptor, key: string): readonly string[] {
  const value = plain[key];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}

function numbersOf(plain: PlainDescriptor, key: string): readonly number[] {
  const value = plain[key];
  return Array.isArray(value) ? value.filter((each): each is number => typeof each === 'number') : [];
}
