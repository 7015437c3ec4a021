import { pointer } from '../../domain/json.ts';
import type { ProtoPiece } from '../../domain/protobuf/proto-file.ts';
import type {
  ProtobufFault,
  ProtobufField,
  ProtobufFile,
  ProtobufMessage,
  ProtobufSchema,
} from '../../domain/protobuf/protobuf-schema.ts';
import { createRangeSet, type RangeSet } from '../../domain/protobuf/range-set.ts';
import { invalidProto } from './invalid-proto.ts';
import { validateEnum } from './validate-enum.ts';
import { validateField } from './validate-field.ts';

/** Refuses what a compiler refuses beyond grammar and names; answers the faults that only publishing minds. */
export function validateFile(schema: ProtobufSchema, file: ProtobufFile): readonly ProtobufFault[] {
  const place: Place = { schema, file, faults: [], open: new Map() };
  for (const message of file.messages) validateMessage(place, message, pointer('', message.name));
  for (const definition of file.enums) validateEnum(definition, pointer('', definition.name));
  for (const extension of file.extensions) validateExtension(place, extension, '');
  validateExtensionNumbers(file);
  return place.faults;
}

interface Place {
  readonly schema: ProtobufSchema;
  readonly file: ProtobufFile;
  readonly faults: ProtobufFault[];
  /** The numbers that messages leave to extensions, of those asked for so far. */
  readonly open: Map<ProtobufMessage, RangeSet>;
}

function validateMessage(place: Place, message: ProtobufMessage, path: string): void {
  validateNumbers(message, path);
  validateJsonNames(message, path);
  for (const field of message.fields) {
    const at = pointer(`${path}/fields`, field.number);
    validateField(place.schema, place.file, field, at);
    if (field.number === 0) {
      place.faults.push({ message: `the field ${field.name} has the number 0`, path: at, line: field.line });
    }
  }
  validateOneofs(message, path);
  for (const extension of message.extensions) validateExtension(place, extension, path);
  for (const definition of message.enums) validateEnum(definition, pointer(path, definition.name));
  for (const each of message.messages) validateMessage(place, each, pointer(path, each.name));
}

function validateNumbers(message: ProtobufMessage, path: string): void {
  const reserved = createRangeSet(message.reservedRanges);
  const open = createRangeSet(message.extensionRanges);
  const reservedNames = new Set(message.reservedNames);
  const seen = new Map<number, string>();
  for (const field of message.fields) {
    const place = { line: field.line, path: pointer(`${path}/fields`, field.number) };
    const other = seen.get(field.number);
    if (other !== undefined) {
      throw invalidProto(`the fields ${other} and ${field.name} both have the number ${field.number}`, place);
    }
    seen.set(field.number, field.name);
    if (reserved.has(field.number)) {
      throw invalidProto(`the number ${field.number} of the field ${field.name} is reserved`, place);
    }
    if (reservedNames.has(field.name)) {
      throw invalidProto(`the name of the field ${field.name} is reserved`, place);
    }
    if (open.has(field.number)) {
      throw invalidProto(
        `the number ${field.number} of the field ${field.name} is left to extensions`,
        place,
      );
    }
  }
}

/** Two fields with one JSON name cannot both be read. Proto2 let that pass. */
function validateJsonNames(message: ProtobufMessage, path: string): void {
  if (message.jsonFormat !== 'ALLOW') return;
  const seen = new Map<string, string>();
  for (const field of message.fields) {
    const other = seen.get(field.jsonName);
    if (other !== undefined) {
      throw invalidProto(`the fields ${other} and ${field.name} both have the JSON name ${field.jsonName}`, {
        line: field.line,
        path: pointer(`${path}/fields`, field.number),
      });
    }
    seen.set(field.jsonName, field.name);
  }
}

function validateOneofs(message: ProtobufMessage, path: string): void {
  const used = new Set(message.fields.map((field) => field.oneof));
  const empty: ProtoPiece | undefined = message.oneofs.find((oneof) => !used.has(oneof.name));
  if (empty !== undefined)
    throw invalidProto(`the oneof ${empty.name} has no members`, { line: empty.line, path });
}

function validateExtension({ schema, file, open }: Place, extension: ProtobufField, path: string): void {
  const place = { line: extension.line, path };
  validateField(schema, file, extension, path);
  const extended = schema.messages.get(extension.extendee ?? '');
  if (extended === undefined) return;
  if (file.syntax === 'proto3' && !isOptionsMessage(extended.fullName)) {
    throw invalidProto(`proto3 extends the messages of options only, not ${extended.fullName}`, place);
  }
  if (extension.presence === 'required') throw invalidProto('an extension cannot be required', place);
  const numbers = open.get(extended) ?? createRangeSet(extended.extensionRanges);
  open.set(extended, numbers);
  if (!numbers.has(extension.number)) {
    throw invalidProto(
      `${extended.fullName} does not leave the number ${extension.number} to extensions`,
      place,
    );
  }
}

function isOptionsMessage(fullName: string): boolean {
  return /^google\.protobuf\.\w+Options$/.test(fullName);
}

/** Two extensions of one file with one number would be taken for each other. */
function validateExtensionNumbers(file: ProtobufFile): void {
  const seen = new Map<string, string>();
  const pending: {
    readonly extensions: readonly ProtobufField[];
    readonly messages: readonly ProtobufMessage[];
  }[] = [{ extensions: file.extensions, messages: file.messages }];
  for (let scope = pending.pop(); scope !== undefined; scope = pending.pop()) {
    for (const extension of scope.extensions) {
      const key = `${extension.extendee} ${extension.number}`;
      const other = seen.get(key);
      if (other !== undefined) {
        throw invalidProto(
          `the extensions ${other} and ${extension.name} both have the number ${extension.number}`,
          {
            line: extension.line,
          },
        );
      }
      seen.set(key, extension.name);
    }
    for (const message of scope.messages) pending.push(message);
  }
}
