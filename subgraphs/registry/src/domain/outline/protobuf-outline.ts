import { pointer } from '../json.ts';
import type {
  OptionValue,
  ProtoField,
  ProtoOption,
  ProtoPiece,
  ProtoService,
} from '../protobuf/proto-file.ts';
import type { ProtobufEnum, ProtobufFile, ProtobufMessage } from '../protobuf/protobuf-schema.ts';
import { protoTypeText } from '../protobuf/type-text.ts';
import type { SchemaOutline } from './schema-outline.ts';
import type { PartFacts, SchemaPart } from './schema-part.ts';

/** Outlines a Protobuf file: messages in messages, fields and values by the numbers that stand for them on the wire. */
export function outlineProtobuf(file: ProtobufFile): SchemaOutline {
  return {
    parts: [
      filePart(file),
      ...file.imports.map(({ path, kind }): SchemaPart => {
        const at = pointer('/imports', path);
        return { part: 'IMPORT', key: path, name: path, path: at, facts: { type: kind }, parts: [] };
      }),
      ...file.messages.map((message) => messagePart(message, '')),
      ...file.enums.map((each) => enumPart(each, '')),
      ...file.services.map(servicePart),
      ...file.extensions.map((field) => extensionPart(field, '')),
    ],
    factSteps: {},
    hasLastingPaths: true,
    // What checks say of the file as a whole is said of its package.
    locate: (path) => (path === '' ? '/package' : path),
  };
}

function filePart(file: ProtobufFile): SchemaPart {
  return {
    part: 'PACKAGE',
    key: '',
    name: file.package,
    path: '/package',
    facts: { constraints: file.edition ?? file.syntax, ...optionsFact(file.options) },
    parts: [],
  };
}

function messagePart(message: ProtobufMessage, base: string): SchemaPart {
  const path = pointer(base, message.name);
  return {
    ...piece('RECORD', message, path),
    facts: { ...sharedFacts(message), ...reservedFact(message) },
    parts: [
      ...message.fields.map((field) => fieldPart(field, path)),
      ...message.oneofs.map((oneof) => piece('ONEOF', oneof, pointer(pointer(path, 'oneofs'), oneof.name))),
      ...message.messages.map((inner) => messagePart(inner, path)),
      ...message.enums.map((inner) => enumPart(inner, path)),
      ...message.extensions.map((field) => extensionPart(field, path)),
    ],
  };
}

function fieldPart(field: ProtoField, base: string): SchemaPart {
  const { label, type, oneof, options, number } = field;
  const text = protoTypeText(type);
  const fallback = options.find(({ name }) => name === 'default');
  const others = options.filter((option) => option !== fallback);
  return {
    ...piece('FIELD', field, pointer(pointer(base, 'fields'), number)),
    key: String(number),
    otherKeys: [`name ${field.name}`],
    facts: {
      number,
      type: label === undefined || label === 'required' ? text : `${label} ${text}`,
      ...(label === 'required' && { required: true }),
      ...(fallback !== undefined && { default: optionJson(fallback.value) }),
      ...(oneof !== undefined && { constraints: { oneof } }),
      ...optionsFact(others),
      ...docFact(field),
    },
  };
}

function extensionPart(field: ProtoField, base: string): SchemaPart {
  const extendee = field.extendee ?? '';
  const path = pointer(pointer(base, 'extensions'), field.name);
  return { ...fieldPart(field, base), part: 'EXTENSION', key: `${extendee} ${field.number}`, path };
}

function enumPart(definition: ProtobufEnum, base: string): SchemaPart {
  const path = pointer(base, definition.name);
  const taken = new Set<number>();
  const parts = definition.values.map((value): SchemaPart => {
    // A second name for one number is told from the first by itself.
    const key = taken.has(value.number) ? `${value.number} ${value.name}` : String(value.number);
    taken.add(value.number);
    const facts = { number: value.number, ...sharedFacts(value) };
    const otherKeys = [`name ${value.name}`];
    return {
      ...piece('SYMBOL', value, pointer(pointer(path, 'values'), value.number)),
      key,
      otherKeys,
      facts,
    };
  });
  const facts = { ...sharedFacts(definition), ...reservedFact(definition) };
  return { ...piece('ENUM', definition, path), facts, parts };
}

function servicePart(service: ProtoService): SchemaPart {
  const path = pointer('', service.name);
  const parts = service.methods.map((method): SchemaPart => {
    const request = `${method.clientStreaming ? 'stream ' : ''}${method.request}`;
    const response = `${method.serverStreaming ? 'stream ' : ''}${method.response}`;
    const facts = { type: `${request} -> ${response}`, ...sharedFacts(method) };
    return { ...piece('METHOD', method, pointer(path, method.name)), facts };
  });
  return { ...piece('SERVICE', service, path), parts };
}

function piece(part: SchemaPart['part'], of: ProtoPiece, path: string): SchemaPart {
  return { part, key: of.name, name: of.name, path, facts: sharedFacts(of), parts: [] };
}

function sharedFacts(of: ProtoPiece): PartFacts {
  return { ...docFact(of), ...optionsFact(of.options) };
}

function docFact({ doc = '' }: ProtoPiece): PartFacts {
  return doc === '' ? {} : { doc };
}

function reservedFact(of: Pick<ProtobufMessage, 'reservedNames' | 'reservedRanges'>): PartFacts {
  const ranges = of.reservedRanges.toSorted((a, b) => a.first - b.first);
  const numbers = ranges.map(({ first, last }) => (first === last ? `${first}` : `${first} to ${last}`));
  const reserved = [...numbers, ...of.reservedNames.toSorted()];
  return reserved.length === 0 ? {} : { constraints: { reserved } };
}

function optionsFact(options: readonly ProtoOption[]): PartFacts {
  return options.length === 0 ? {} : { options: optionsJson(options) };
}

function optionsJson(options: readonly ProtoOption[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(options.map(({ name, value }) => [name, optionJson(value)]));
}

function optionJson(value: OptionValue): unknown {
  switch (value.kind) {
    case 'string':
    case 'word':
      return value.text;
    case 'list':
      return value.items.map(optionJson);
    case 'message':
      return optionsJson(value.fields);
  }
}
