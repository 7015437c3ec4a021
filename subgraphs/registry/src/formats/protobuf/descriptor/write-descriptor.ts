import { type NumberRange, type ProtoFile, type ProtoType } from '../../../domain/protobuf/proto-file.ts';
import type {
  ProtobufEnum,
  ProtobufField,
  ProtobufFile,
  ProtobufMessage,
  ProtobufSchema,
} from '../../../domain/protobuf/protobuf-schema.ts';
import { descriptorCodec, type PlainDescriptor } from './descriptor-codec.ts';
import { mapEntryName, typeWords } from './descriptor-words.ts';
import { writeDescriptorOptions } from './write-descriptor-options.ts';

/**
 * The FileDescriptorProto of a schema in base64, as Kafka clients ask for it with `format=serialized`. Of the options of others only
 * Confluent's tags are in it: the numbers of the rest are not known to a reader anyway.
 */
export function serializeDescriptor(schema: ProtobufSchema): string {
  return Buffer.from(descriptorCodec().encode(writeFile(schema, schema.file))).toString('base64');
}

function writeFile(schema: ProtobufSchema, file: ProtobufFile): PlainDescriptor {
  const indexesOf = (kind: 'public' | 'weak'): readonly number[] =>
    file.imports.flatMap((each, index) => (each.kind === kind ? [index] : []));
  const place = { schema, syntax: file.syntax };
  return {
    // Clients replace it by the name that they know the file by.
    name: file.path === '' ? 'default' : file.path,
    ...(file.package !== '' && { package: file.package }),
    dependency: file.imports.map((each) => each.path),
    publicDependency: indexesOf('public'),
    weakDependency: indexesOf('weak'),
    messageType: file.messages.map((message) => writeMessage(place, message)),
    enumType: file.enums.map(writeEnum),
    extension: file.extensions.map((field) => writeField(place, field, new Map())),
    service: file.services.map((service) => ({
      name: service.name,
      ...writeDescriptorOptions(service.options),
      method: service.methods.map((method) => ({
        name: method.name,
        inputType: `.${method.request}`,
        outputType: `.${method.response}`,
        ...writeDescriptorOptions(method.options),
        ...(method.clientStreaming && { clientStreaming: true }),
        ...(method.serverStreaming && { serverStreaming: true }),
      })),
    })),
    ...writeDescriptorOptions(file.options),
    // Proto2 is what a file is that says nothing.
    ...(file.syntax !== 'proto2' && { syntax: file.syntax }),
    ...(file.edition !== undefined && { edition: `EDITION_${file.edition}` }),
  };
}

interface Place {
  readonly schema: ProtobufSchema;
  readonly syntax: ProtoFile['syntax'];
}

function writeMessage(place: Place, message: ProtobufMessage): PlainDescriptor {
  const oneofs: PlainDescriptor[] = message.oneofs.map((oneof) => ({
    name: oneof.name,
    ...writeDescriptorOptions(oneof.options),
  }));
  const oneofIndexes = new Map(message.oneofs.map((oneof, index) => [oneof.name, index]));
  const entries: PlainDescriptor[] = [];
  const fields = message.fields.map((field) => {
    if (field.type.kind === 'map') entries.push(writeMapEntry(place, field.name, field.type));
    const written = writeField(place, field, oneofIndexes, message.fullName);
    // In a descriptor `optional` of proto3 is a oneof of its own, after those of the text.
    if (place.syntax !== 'proto3' || field.label !== 'optional') return written;
    oneofs.push({ name: `_${field.name}` });
    return { ...written, oneofIndex: oneofs.length - 1, proto3Optional: true };
  });
  return {
    name: message.name,
    field: fields,
    nestedType: [...message.messages.map((each) => writeMessage(place, each)), ...entries],
    enumType: message.enums.map(writeEnum),
    extension: message.extensions.map((field) => writeField(place, field, new Map())),
    extensionRange: writeRanges(message.extensionRanges, 1),
    oneofDecl: oneofs,
    ...writeDescriptorOptions(message.options),
    reservedRange: writeRanges(message.reservedRanges, 1),
    reservedName: message.reservedNames,
  };
}

const labelWords = {
  optional: 'LABEL_OPTIONAL',
  required: 'LABEL_REQUIRED',
  repeated: 'LABEL_REPEATED',
} as const;

function writeField(
  { schema }: Place,
  field: ProtobufField,
  oneofIndexes: ReadonlyMap<string, number>,
  within = '',
): PlainDescriptor {
  const index = field.oneof === undefined ? undefined : oneofIndexes.get(field.oneof);
  const type =
    field.type.kind === 'map'
      ? { type: 'TYPE_MESSAGE', typeName: `.${within}.${mapEntryName(field.name)}` }
      : writeType(schema, field.type, field.isGroup);
  return {
    name: field.name,
    number: field.number,
    label: field.isRepeated ? 'LABEL_REPEATED' : labelWords[field.label ?? 'optional'],
    ...type,
    ...(field.extendee !== undefined && { extendee: `.${field.extendee}` }),
    ...(field.default !== undefined && { defaultValue: field.default }),
    ...(index !== undefined && { oneofIndex: index }),
    jsonName: field.jsonName,
    ...writeDescriptorOptions(field.options),
  };
}

function writeType(schema: ProtobufSchema, type: ProtoType, isGroup: boolean): PlainDescriptor {
  if (type.kind === 'scalar') return { type: typeWords[type.scalar] };
  if (type.kind === 'map') return {};
  const word = schema.enums.has(type.name) ? 'TYPE_ENUM' : isGroup ? 'TYPE_GROUP' : 'TYPE_MESSAGE';
  return { type: word, typeName: `.${type.name}` };
}

function writeMapEntry(
  { schema }: Place,
  field: string,
  type: Extract<ProtoType, { readonly kind: 'map' }>,
): PlainDescriptor {
  const part = (name: string, number: number, of: ProtoType): PlainDescriptor => ({
    name,
    number,
    label: 'LABEL_OPTIONAL',
    jsonName: name,
    ...writeType(schema, of, false),
  });
  return {
    name: mapEntryName(field),
    field: [part('key', 1, { kind: 'scalar', scalar: type.key }), part('value', 2, type.value)],
    options: { mapEntry: true },
  };
}

function writeEnum(definition: ProtobufEnum): PlainDescriptor {
  return {
    name: definition.name,
    value: definition.values.map((value) => ({
      name: value.name,
      number: value.number,
      ...writeDescriptorOptions(value.options),
    })),
    ...writeDescriptorOptions(definition.options),
    reservedRange: writeRanges(definition.reservedRanges, 0),
    reservedName: definition.reservedNames,
  };
}

function writeRanges(ranges: readonly NumberRange[], beyond: number): readonly PlainDescriptor[] {
  return ranges.map(({ first, last }) => ({ start: first, end: last + beyond }));
}
