import {
  isScalarType,
  maxFieldNumber,
  type ProtoField,
  type ProtoMessage,
  type ProtoType,
} from '../../domain/protobuf/proto-file.ts';
import { isOwn, noKeys } from './field-limits.ts';
import { invalidProto } from './invalid-proto.ts';
import { readInlineOptions } from './read-options.ts';
import { docOf, type Opening } from './read-piece.ts';
import type { TokenReader } from './token-reader.ts';

/** Where a field stands: what it may be, and what it takes from there. */
export interface FieldPlace {
  readonly syntax: 'proto2' | 'proto3' | 'editions';
  readonly oneof?: string;
  readonly extendee?: string;
  /** Reads the body of a group after its name and number. */
  readonly readGroup: (name: string, opening: Opening) => ProtoMessage;
}

/** A field of a message, a oneof or an extension; with the message of a group. */
export function readField(
  reader: TokenReader,
  place: FieldPlace,
): { field: ProtoField; group?: ProtoMessage } {
  const opening = reader.peek();
  const label = readLabel(reader, place);
  const isMap = reader.isAt('map') && reader.isAt('<', 1);
  if (place.syntax === 'proto2' && label === undefined && place.oneof === undefined && !isMap) {
    throw invalidProto('a field of proto2 begins with optional, required or repeated', {
      line: opening.line,
    });
  }
  const owner = {
    ...(label !== undefined && { label }),
    ...(place.oneof !== undefined && { oneof: place.oneof }),
    ...(place.extendee !== undefined && { extendee: place.extendee }),
  };
  if (reader.isAt('group') && reader.isAt('=', 2)) return readGroupField(reader, place, owner, opening);
  if (isMap && (label !== undefined || place.oneof !== undefined || place.extendee !== undefined)) {
    throw invalidProto('a map has no label and is no member of a oneof or extension', { line: opening.line });
  }
  const type = isMap ? readMap(reader) : readType(reader);
  const name = reader.takeName('a field');
  const number = readNumber(reader);
  const options = readInlineOptions(reader);
  reader.expect(';');
  const doc = docOf(opening, reader.commentBehind());
  return { field: { name, number, line: opening.line, ...doc, options, ...owner, type, isGroup: false } };
}

function readGroupField(
  reader: TokenReader,
  place: FieldPlace,
  owner: Pick<ProtoField, 'label' | 'oneof' | 'extendee'>,
  opening: Opening,
): { field: ProtoField; group: ProtoMessage } {
  if (place.syntax !== 'proto2') throw invalidProto('only proto2 has groups', { line: opening.line });
  reader.expect('group');
  const name = reader.takeName('a group');
  if (!/^[A-Z]/.test(name)) {
    throw invalidProto(`the name of the group ${name} begins with a capital`, { line: opening.line });
  }
  const number = readNumber(reader);
  const options = readInlineOptions(reader);
  const group = place.readGroup(name, opening);
  const type: ProtoType = { kind: 'named', name };
  const field = {
    name: name.toLowerCase(),
    number,
    line: opening.line,
    options,
    ...owner,
    type,
    isGroup: true,
  };
  return { field, group };
}

function readLabel(reader: TokenReader, { syntax, oneof }: FieldPlace): ProtoField['label'] {
  const { text, line } = reader.peek();
  if (text !== 'optional' && text !== 'required' && text !== 'repeated') return undefined;
  reader.next();
  if (oneof !== undefined) throw invalidProto('a member of a oneof has no label', { line });
  if (text === 'required' && syntax !== 'proto2')
    throw invalidProto('only proto2 has required fields', { line });
  if (text === 'optional' && syntax === 'editions') {
    throw invalidProto('editions have no label optional: use the feature field_presence', { line });
  }
  return text;
}

function readType(reader: TokenReader): ProtoType {
  const name = reader.takeTypeName();
  return isScalarType(name) ? { kind: 'scalar', scalar: name } : { kind: 'named', name };
}

function readMap(reader: TokenReader): ProtoType {
  const { line } = reader.expect('map');
  reader.expect('<');
  const key = reader.takeTypeName();
  if (!isScalarType(key) || noKeys.has(key))
    throw invalidProto(`${key} cannot be the key of a map`, { line });
  reader.expect(',');
  const value = readType(reader);
  reader.expect('>');
  return { kind: 'map', key, value };
}

/** Zero is no number for a field, but it is read: the linker tells it as a fault. */
function readNumber(reader: TokenReader): number {
  reader.expect('=');
  const { line } = reader.peek();
  const number = reader.takeInteger(0, maxFieldNumber);
  if (isOwn(number)) {
    throw invalidProto('field numbers 19000 to 19999 belong to Protobuf itself', { line });
  }
  return number;
}
