import { pointer } from '../../json.ts';
import type { MessagePair } from '../match-schemas.ts';
import type { ProtobufIncompatibility } from '../protobuf-incompatibility.ts';
import type { ProtobufField, ProtobufFile, ProtobufMessage } from '../protobuf-schema.ts';
import { compareFields } from './compare-fields.ts';
import { createOneofRivals } from './oneof-rivals.ts';
import { finding, type StrictComparison } from './strict-comparison.ts';

/** The breaches of extensions: of those with one number on one message, and of those that went. */
export function compareExtensions(comparison: StrictComparison): readonly ProtobufIncompatibility[] {
  const { reader, writer, movesOn } = comparison;
  const known = new Map(extensionsOf(reader.file).map((field) => [keyOf(field), field]));
  return extensionsOf(writer.file).flatMap((field): readonly ProtobufIncompatibility[] => {
    const other = known.get(keyOf(field));
    const path = pointer(pointer('/extensions', field.extendee ?? ''), field.number);
    if (other === undefined) {
      const message = `the extension ${field.name} (${field.number}) of ${field.extendee} is deleted`;
      return movesOn ? [finding('SOURCE', 'EXTENSION_NO_DELETE', path, message)] : [];
    }
    const readerMessage = reader.messages.get(other.extendee ?? '');
    const writerMessage = writer.messages.get(field.extendee ?? '');
    if (readerMessage === undefined || writerMessage === undefined) return [];
    const pair: MessagePair = { reader: readerMessage, writer: writerMessage, path, fields: [], nested: [] };
    return compareFields(comparison, pair, { reader: other, writer: field, path }, noRivals);
  });
}

/** An extension is in no oneof. */
const noRivals = createOneofRivals([]);

function keyOf({ extendee, number }: ProtobufField): string {
  return `${extendee} ${number}`;
}

function extensionsOf(file: ProtobufFile): readonly ProtobufField[] {
  const all = [...file.extensions];
  const pending: ProtobufMessage[] = [...file.messages];
  for (let message = pending.pop(); message !== undefined; message = pending.pop()) {
    for (const extension of message.extensions) all.push(extension);
    for (const nested of message.messages) pending.push(nested);
  }
  return all;
}
