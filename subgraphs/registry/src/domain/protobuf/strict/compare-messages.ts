import { pointer } from '../../json.ts';
import type { MessagePair } from '../match-schemas.ts';
import { optionWord } from '../proto-file.ts';
import type { ProtobufIncompatibility } from '../protobuf-incompatibility.ts';
import type { ProtobufField, ProtobufMessage } from '../protobuf-schema.ts';
import { createRangeSet } from '../range-set.ts';
import { fieldText } from '../type-text.ts';
import { writtenMessage } from '../witness.ts';
import { missingReserved } from './missing-reserved.ts';
import { finding, type StrictComparison } from './strict-comparison.ts';

/** The breaches of two messages that are not about a field that both have. */
export function compareMessages(
  comparison: StrictComparison,
  pair: MessagePair,
): readonly ProtobufIncompatibility[] {
  return [
    ...requiredFields(comparison, pair),
    ...options(pair),
    ...(comparison.movesOn ? [...deletedFields(comparison, pair), ...deletedRest(pair)] : []),
  ];
}

/** Readers refuse a message without a required field, so none may come, and none may go while old readers live. */
function requiredFields(comparison: StrictComparison, pair: MessagePair): readonly ProtobufIncompatibility[] {
  const requiredByReader = requiredOf(pair.reader);
  const requiredByWriter = requiredOf(pair.writer);
  const found: ProtobufIncompatibility[] = [];
  for (const [number, field] of requiredByReader) {
    if (requiredByWriter.has(number)) continue;
    const why = `the reader refuses a message without the required field ${field.name}`;
    const witness = writtenMessage(comparison.writer, pair.writer, [], new Map(), why);
    const message = `the reader requires the field ${fieldText(field)}, the writer does not`;
    found.push(finding('WIRE', 'MESSAGE_SAME_REQUIRED_FIELDS', fieldPath(pair, number), message, witness));
  }
  for (const [number, field] of requiredByWriter) {
    if (requiredByReader.has(number)) continue;
    const message = `the writer requires the field ${fieldText(field)}, the reader does not`;
    found.push(finding('WIRE', 'MESSAGE_SAME_REQUIRED_FIELDS', fieldPath(pair, number), message));
  }
  return found;
}

function requiredOf(message: ProtobufMessage): ReadonlyMap<number, ProtobufField> {
  return new Map(message.requiredFields.map((field) => [field.number, field]));
}

function options({ reader, writer, path }: MessagePair): readonly ProtobufIncompatibility[] {
  const found: ProtobufIncompatibility[] = [];
  if (writer.jsonFormat === 'ALLOW' && reader.jsonFormat !== 'ALLOW') {
    const message = `the message ${reader.name} has a JSON form in the writer, and only as far as possible in the reader`;
    found.push(finding('JSON', 'MESSAGE_SAME_JSON_FORMAT', path, message));
  }
  if (isSet(reader, 'message_set_wire_format') !== isSet(writer, 'message_set_wire_format')) {
    const message = `only one of the two messages ${reader.name} is a message set`;
    found.push(finding('WIRE', 'MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT', path, message));
  }
  const accessor = 'no_standard_descriptor_accessor';
  if (isSet(reader, accessor) && !isSet(writer, accessor)) {
    const message = `the message ${reader.name} has lost its standard descriptor accessor`;
    found.push(finding('SOURCE', 'MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR', path, message));
  }
  return found;
}

function isSet(message: ProtobufMessage, option: string): boolean {
  return optionWord(message.options, option) === 'true';
}

/** What must stay behind where a field was: its number for bytes, its name for JSON. Without it source breaks only. */
function deletedFields(comparison: StrictComparison, pair: MessagePair): readonly ProtobufIncompatibility[] {
  const kept = new Set(pair.fields.map(({ writer }) => writer));
  const numbers = createRangeSet(pair.reader.reservedRanges);
  const names = new Set(pair.reader.reservedNames);
  return pair.writer.fields.flatMap((field): readonly ProtobufIncompatibility[] => {
    if (kept.has(field)) return [];
    const path = fieldPath(pair, field.number);
    const text = `the field ${fieldText(field)} is deleted`;
    const why = `the reader does not see ${field.name}, and what takes its number or name next would be read from it`;
    const witness = writtenMessage(comparison.writer, pair.writer, [field], new Map(), why);
    if (!numbers.has(field.number)) {
      const message = `${text} and its number is not reserved`;
      return [finding('WIRE', 'FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED', path, message, witness)];
    }
    if (!names.has(field.name)) {
      const message = `${text} and its name is not reserved`;
      return [finding('JSON', 'FIELD_NO_DELETE_UNLESS_NAME_RESERVED', path, message, witness)];
    }
    return [finding('SOURCE', 'FIELD_NO_DELETE', path, text, witness)];
  });
}

function deletedRest({ reader, writer, path }: MessagePair): readonly ProtobufIncompatibility[] {
  const oneofs = new Set(reader.oneofs.map((oneof) => oneof.name));
  const open = createRangeSet(reader.extensionRanges);
  return [
    ...missingReserved(reader, writer).map((what) =>
      finding(
        'WIRE',
        'RESERVED_MESSAGE_NO_DELETE',
        path,
        `the message ${reader.name} no longer reserves ${what}`,
      ),
    ),
    ...writer.oneofs
      .filter((oneof) => !oneofs.has(oneof.name))
      .map(({ name }) =>
        finding('SOURCE', 'ONEOF_NO_DELETE', pointer(`${path}/oneofs`, name), `the oneof ${name} is deleted`),
      ),
    ...writer.extensionRanges
      .filter((range) => !open.covers(range))
      .map(({ first, last }) => {
        const message = `the message ${reader.name} no longer leaves ${first} to ${last} to extensions`;
        return finding('SOURCE', 'EXTENSION_MESSAGE_NO_DELETE', path, message);
      }),
  ];
}

function fieldPath(pair: MessagePair, number: number): string {
  return pointer(`${pair.path}/fields`, number);
}
