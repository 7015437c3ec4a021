import type {
  ProtoEnum,
  ProtoField,
  ProtoFile,
  ProtoMessage,
  ProtoType,
  ScalarType,
} from '../../domain/protobuf/proto-file.ts';
import { optionWord } from '../../domain/protobuf/proto-file.ts';
import type {
  ProtobufEnum,
  ProtobufField,
  ProtobufFile,
  ProtobufMessage,
} from '../../domain/protobuf/protobuf-schema.ts';
import { type Features, fileFeatures, withOptions } from './features.ts';
import { invalidProto } from './invalid-proto.ts';
import { jsonNameOf } from './json-name.ts';

/** What linking a file needs of the others. */
export interface LinkScope {
  /** Import path of the file; empty for the schema itself. */
  readonly path: string;
  /** The full name behind a type name; undefined if there is none. */
  readonly resolve: (name: string, scope: string) => string | undefined;
  readonly isMessage: (fullName: string) => boolean;
}

/** The tree of a file with full names, and with what its syntax, edition and options say of every field. */
export function linkFile(scope: LinkScope, file: ProtoFile): ProtobufFile {
  const features = fileFeatures(file);
  const place = { scope, syntax: file.syntax, package: file.package };
  return {
    ...file,
    path: scope.path,
    messages: file.messages.map((message) => linkMessage(place, features, file.package, message)),
    enums: file.enums.map((each) => linkEnum(place, features, file.package, each)),
    extensions: file.extensions.map((field) => linkExtension(place, features, file.package, field)),
    services: file.services.map((service) => ({
      ...service,
      methods: service.methods.map((method) => ({
        ...method,
        request: messageName(place, method.request, join(file.package, service.name), method.line),
        response: messageName(place, method.response, join(file.package, service.name), method.line),
      })),
    })),
  };
}

interface Place {
  readonly scope: LinkScope;
  readonly syntax: ProtoFile['syntax'];
  readonly package: string;
}

function linkMessage(place: Place, outer: Features, within: string, message: ProtoMessage): ProtobufMessage {
  const fullName = join(within, message.name);
  const features = withOptions(outer, message.options);
  const fields = message.fields.map((field) => linkField(place, features, fullName, field));
  return {
    fullName,
    localName: localName(place, fullName),
    file: place.scope.path,
    jsonFormat: features.json_format === 'ALLOW' ? 'ALLOW' : 'LEGACY_BEST_EFFORT',
    ...message,
    fields,
    requiredFields: fields.filter((field) => field.presence === 'required'),
    messages: message.messages.map((each) => linkMessage(place, features, fullName, each)),
    enums: message.enums.map((each) => linkEnum(place, features, fullName, each)),
    extensions: message.extensions.map((field) => linkExtension(place, features, fullName, field)),
  };
}

function linkEnum(place: Place, outer: Features, within: string, definition: ProtoEnum): ProtobufEnum {
  const fullName = join(within, definition.name);
  const features = withOptions(outer, definition.options);
  return {
    fullName,
    localName: localName(place, fullName),
    file: place.scope.path,
    numbers: new Map(definition.values.map(({ name, number }) => [name, number])),
    isClosed: features.enum_type === 'CLOSED',
    jsonFormat: features.json_format === 'ALLOW' ? 'ALLOW' : 'LEGACY_BEST_EFFORT',
    ...definition,
  };
}

function linkExtension(place: Place, features: Features, within: string, field: ProtoField): ProtobufField {
  const linked = linkField(place, features, within, field);
  return { ...linked, extendee: messageName(place, field.extendee ?? '', within, field.line) };
}

const unpackable: ReadonlySet<ScalarType> = new Set(['string', 'bytes']);

function linkField(place: Place, outer: Features, within: string, field: ProtoField): ProtobufField {
  const features = withOptions(outer, field.options);
  const type = linkType(place, field.type, within, field.line);
  const isMessage = type.kind === 'named' && place.scope.isMessage(type.name);
  const isRepeated = field.label === 'repeated' || type.kind === 'map';
  const canBePacked =
    field.label === 'repeated' && (type.kind === 'scalar' ? !unpackable.has(type.scalar) : !isMessage);
  const packed = optionWord(field.options, 'packed');
  return {
    jsonName: optionWord(field.options, 'json_name') ?? jsonNameOf(field.name),
    presence: presenceOf(field, features, isRepeated, isMessage),
    isRepeated,
    isPacked:
      canBePacked &&
      (packed === undefined ? features.repeated_field_encoding === 'PACKED' : packed === 'true'),
    isDelimited: field.isGroup || (isMessage && features.message_encoding === 'DELIMITED'),
    checksUtf8: features.utf8_validation === 'VERIFY',
    default: optionWord(field.options, 'default'),
    // Last: what is spread first makes objects that are slow to add to.
    ...field,
    type,
  };
}

function presenceOf(
  field: ProtoField,
  features: Features,
  isRepeated: boolean,
  isMessage: boolean,
): ProtobufField['presence'] {
  if (isRepeated) return 'implicit';
  if (field.label === 'required') return 'required';
  const isExplicit =
    isMessage || field.label === 'optional' || field.oneof !== undefined || field.extendee !== undefined;
  if (features.field_presence === 'LEGACY_REQUIRED' && field.oneof === undefined) return 'required';
  return isExplicit || features.field_presence === 'EXPLICIT' ? 'explicit' : 'implicit';
}

function linkType(place: Place, type: ProtoType, within: string, line: number | undefined): ProtoType {
  switch (type.kind) {
    case 'scalar':
      return type;
    case 'map':
      return { ...type, value: linkType(place, type.value, within, line) };
    case 'named':
      return { kind: 'named', name: typeName(place, type.name, within, line) };
  }
}

function typeName(place: Place, name: string, within: string, line: number | undefined): string {
  const found = place.scope.resolve(name, within);
  if (found !== undefined) return found;
  const file = place.scope.path === '' ? '' : ` of ${place.scope.path}`;
  throw invalidProto(`the type ${name}${file} is not defined, or its file is not imported`, { line });
}

function messageName(place: Place, name: string, within: string, line: number | undefined): string {
  const found = typeName(place, name, within, line);
  if (place.scope.isMessage(found)) return found;
  throw invalidProto(`${name} is no message`, { line });
}

function localName(place: Place, fullName: string): string {
  return place.package === '' ? fullName : fullName.slice(place.package.length + 1);
}

function join(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`;
}
