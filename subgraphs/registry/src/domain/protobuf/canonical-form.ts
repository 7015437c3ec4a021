import { canonicalJson } from '@spine/kernel/canonical-json';
import { printOptionValue } from './print-proto-file.ts';
import type { NumberRange, ProtoOption } from './proto-file.ts';
import { maxEnumNumber, maxFieldNumber } from './proto-file.ts';
import {
  isWellKnownPath,
  type ProtobufEnum,
  type ProtobufField,
  type ProtobufFile,
  type ProtobufMessage,
  type ProtobufSchema,
} from './protobuf-schema.ts';

/**
 * One text for all schemas that no reader, of bytes, JSON or source, can tell apart: full names, everything sorted, imported files
 * with it, no comments, no options but those that a compiler gives a meaning.
 */
export function protobufCanonicalForm(schema: ProtobufSchema): string {
  const files = [schema.file, ...schema.dependencies.filter((file) => !isWellKnownPath(file.path))];
  return canonicalJson(files.map(fileForm).toSorted((a, b) => compare(a.path, b.path)));
}

function fileForm(file: ProtobufFile) {
  return {
    path: file.path,
    syntax: file.edition ?? file.syntax,
    package: file.package,
    public: file.imports.flatMap((each) => (each.kind === 'public' ? [each.path] : [])).toSorted(),
    options: optionsForm(file.options),
    messages: named(file.messages, messageForm),
    enums: named(file.enums, enumForm),
    extensions: file.extensions.toSorted(byNumber).map(fieldForm),
    services: named(file.services, (service) => ({
      options: optionsForm(service.options),
      methods: named(service.methods, (method) => ({
        options: optionsForm(method.options),
        request: method.request,
        response: method.response,
        streaming: [method.clientStreaming, method.serverStreaming],
      })),
    })),
  };
}

function messageForm(message: ProtobufMessage): object {
  return {
    options: optionsForm(message.options),
    jsonFormat: message.jsonFormat,
    fields: message.fields.toSorted((a, b) => a.number - b.number).map(fieldForm),
    oneofs: named(message.oneofs, (oneof) => optionsForm(oneof.options)),
    messages: named(message.messages, messageForm),
    enums: named(message.enums, enumForm),
    extensions: message.extensions.toSorted(byNumber).map(fieldForm),
    extensionRanges: rangesForm(message.extensionRanges, maxFieldNumber),
    reserved: rangesForm(message.reservedRanges, maxFieldNumber),
    reservedNames: message.reservedNames.toSorted(),
  };
}

function fieldForm(field: ProtobufField): object {
  return {
    number: field.number,
    name: field.name,
    jsonName: field.jsonName,
    type: field.type,
    presence: field.presence,
    repeated: field.isRepeated,
    packed: field.isPacked,
    delimited: field.isDelimited,
    utf8: field.checksUtf8,
    oneof: field.oneof ?? null,
    default: field.default ?? null,
    extendee: field.extendee ?? null,
    options: optionsForm(field.options),
  };
}

function enumForm(definition: ProtobufEnum): object {
  return {
    options: optionsForm(definition.options),
    closed: definition.isClosed,
    jsonFormat: definition.jsonFormat,
    first: definition.values[0]?.number ?? null,
    values: definition.values
      .toSorted((a, b) => a.number - b.number || compare(a.name, b.name))
      .map(({ name, number }) => [number, name]),
    reserved: rangesForm(definition.reservedRanges, maxEnumNumber),
    reservedNames: definition.reservedNames.toSorted(),
  };
}

/** What tells tools about a piece and changes nothing for them, or is told elsewhere in the form. */
const silent: ReadonlySet<string> = new Set([
  'deprecated',
  'debug_redact',
  'retention',
  'targets',
  'json_name',
  'default',
  'packed',
]);

function optionsForm(options: readonly ProtoOption[]): Readonly<Record<string, readonly string[]>> {
  const values = new Map<string, string[]>();
  for (const { name, value } of options) {
    if (name.startsWith('(') || silent.has(name)) continue;
    values.set(name, [...(values.get(name) ?? []), printOptionValue(value)].toSorted());
  }
  return Object.fromEntries(values);
}

/** Adjoining ranges are one. */
function rangesForm(ranges: readonly NumberRange[], greatest: number): readonly (readonly number[])[] {
  const joined: [number, number][] = [];
  for (const { first, last } of ranges.toSorted((a, b) => a.first - b.first)) {
    const previous = joined.at(-1);
    if (previous === undefined || first > previous[1] + 1) joined.push([first, Math.min(last, greatest)]);
    else previous[1] = Math.max(previous[1], last);
  }
  return joined;
}

function named<T extends { readonly name: string }>(list: readonly T[], form: (piece: T) => object): object {
  return Object.fromEntries(list.map((piece) => [piece.name, form(piece)]));
}

function byNumber(a: ProtobufField, b: ProtobufField): number {
  return a.number - b.number || compare(a.extendee ?? '', b.extendee ?? '');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
