import { printOptionValue, printProtoFile } from './print-proto-file.ts';
import type {
  NumberRange,
  ProtoEnum,
  ProtoField,
  ProtoFile,
  ProtoMessage,
  ProtoOption,
  ProtoType,
} from './proto-file.ts';
import type { ProtobufSchema } from './protobuf-schema.ts';

/** One text for schemas that differ in order and in how they write names only: what `normalize=true` stores. */
export function normalizeProtobuf(schema: ProtobufSchema): string {
  return printProtoFile(normalizeFile(schema.file));
}

function normalizeFile(file: ProtoFile): ProtoFile {
  return {
    ...file,
    imports: file.imports.toSorted((a, b) => compare(a.path, b.path)),
    options: sortOptions(file.options),
    // The order of messages stays: the messages of Kafka name theirs by its position.
    messages: file.messages.map(normalizeMessage),
    enums: file.enums.toSorted(byName).map(normalizeEnum),
    extensions: file.extensions.toSorted(byNumber).map(normalizeField),
    services: file.services.toSorted(byName).map((service) => ({
      ...service,
      options: sortOptions(service.options),
      methods: service.methods.toSorted(byName).map((method) => ({
        ...method,
        options: sortOptions(method.options),
        request: `.${method.request}`,
        response: `.${method.response}`,
      })),
    })),
  };
}

function normalizeMessage(message: ProtoMessage): ProtoMessage {
  return {
    ...message,
    options: sortOptions(message.options),
    fields: message.fields.toSorted(byNumber).map(normalizeField),
    messages: message.messages.map(normalizeMessage),
    enums: message.enums.toSorted(byName).map(normalizeEnum),
    extensions: message.extensions.toSorted(byNumber).map(normalizeField),
    extensionRanges: sortRanges(message.extensionRanges),
    reservedRanges: sortRanges(message.reservedRanges),
    reservedNames: message.reservedNames.toSorted(),
  };
}

function normalizeField(field: ProtoField): ProtoField {
  return {
    ...field,
    type: absolute(field.type),
    options: sortOptions(field.options),
    ...(field.extendee !== undefined && { extendee: `.${field.extendee}` }),
  };
}

function absolute(type: ProtoType): ProtoType {
  if (type.kind === 'named') return { kind: 'named', name: `.${type.name}` };
  return type.kind === 'map' ? { ...type, value: absolute(type.value) } : type;
}

function normalizeEnum(definition: ProtoEnum): ProtoEnum {
  return {
    ...definition,
    options: sortOptions(definition.options),
    // The first value is the default of a closed enum, so it stays first.
    values: [
      ...definition.values.slice(0, 1),
      ...definition.values.slice(1).toSorted((a, b) => a.number - b.number || compare(a.name, b.name)),
    ].map((value) => ({ ...value, options: sortOptions(value.options) })),
    reservedRanges: sortRanges(definition.reservedRanges),
    reservedNames: definition.reservedNames.toSorted(),
  };
}

function sortOptions(options: readonly ProtoOption[]): readonly ProtoOption[] {
  return options.toSorted(
    (a, b) => compare(a.name, b.name) || compare(printOptionValue(a.value), printOptionValue(b.value)),
  );
}

function sortRanges(ranges: readonly NumberRange[]): readonly NumberRange[] {
  return ranges.toSorted((a, b) => a.first - b.first);
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return compare(a.name, b.name);
}

function byNumber(a: ProtoField, b: ProtoField): number {
  return a.number - b.number || compare(a.extendee ?? '', b.extendee ?? '');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
