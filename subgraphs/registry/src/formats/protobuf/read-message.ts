import {
  maxFieldNumber,
  type NumberRange,
  type ProtoEnum,
  type ProtoField,
  type ProtoFile,
  type ProtoMessage,
  type ProtoOption,
  type ProtoPiece,
} from '../../domain/protobuf/proto-file.ts';
import { invalidProto } from './invalid-proto.ts';
import { readEnum } from './read-enum.ts';
import { type FieldPlace, readField } from './read-field.ts';
import { readInlineOptions, readOptionStatement } from './read-options.ts';
import { docOf, type Opening, readRange, readReserved } from './read-piece.ts';
import type { TokenReader } from './token-reader.ts';

/** As deep as compilers let messages lie in messages. */
const maxDepth = 32;

interface Body {
  readonly options: ProtoOption[];
  readonly fields: ProtoField[];
  readonly oneofs: ProtoPiece[];
  readonly messages: ProtoMessage[];
  readonly enums: ProtoEnum[];
  readonly extensions: ProtoField[];
  readonly extensionRanges: NumberRange[];
  readonly reservedRanges: NumberRange[];
  readonly reservedNames: string[];
}

type Syntax = ProtoFile['syntax'];

/** A message after its first word. */
export function readMessage(reader: TokenReader, syntax: Syntax, opening: Opening, depth = 0): ProtoMessage {
  const name = reader.takeName('a message');
  return readBody(reader, syntax, name, opening, depth);
}

/** `extend Name { ... }` after its first word: extensions, and the messages of groups among them. */
export function readExtend(
  reader: TokenReader,
  syntax: Syntax,
  target: { readonly extensions: ProtoField[]; readonly messages: ProtoMessage[] },
  depth = 0,
): void {
  const { line } = reader.peek();
  const extendee = reader.takeTypeName();
  reader.expect('{');
  if (reader.isAt('}')) throw invalidProto(`the extension of ${extendee} has no fields`, { line });
  while (!reader.skip('}')) {
    if (reader.skip(';')) continue;
    const { field, group } = readField(reader, { ...placeOf(reader, syntax, depth), extendee });
    target.extensions.push(field);
    if (group !== undefined) target.messages.push(group);
  }
}

function readBody(
  reader: TokenReader,
  syntax: Syntax,
  name: string,
  opening: Opening,
  depth: number,
): ProtoMessage {
  if (depth > maxDepth) {
    throw invalidProto(`messages lie in messages more than ${maxDepth} deep`, { line: opening.line });
  }
  const doc = docOf(opening, reader.peek().after);
  reader.expect('{');
  const body: Body = {
    options: [],
    fields: [],
    oneofs: [],
    messages: [],
    enums: [],
    extensions: [],
    extensionRanges: [],
    reservedRanges: [],
    reservedNames: [],
  };
  while (!reader.skip('}')) readStatement(reader, syntax, body, depth);
  reader.skip(';');
  return { name, line: opening.line, ...doc, ...body };
}

function readStatement(reader: TokenReader, syntax: Syntax, body: Body, depth: number): void {
  if (reader.skip(';')) return;
  const opening = reader.peek();
  const keyword = opening.kind === 'word' ? opening.text : '';
  if (keyword === 'message') body.messages.push(readMessage(skipWord(reader), syntax, opening, depth + 1));
  else if (keyword === 'enum') body.enums.push(readEnum(skipWord(reader), opening));
  else if (keyword === 'option') body.options.push(readOptionStatement(skipWord(reader)));
  else if (keyword === 'oneof') readOneof(skipWord(reader), syntax, body, opening, depth);
  else if (keyword === 'extend') readExtend(skipWord(reader), syntax, body, depth);
  else if (keyword === 'extensions') readExtensionRanges(skipWord(reader), syntax, body.extensionRanges);
  else if (keyword === 'reserved') {
    const target = { ranges: body.reservedRanges, names: body.reservedNames };
    readReserved(skipWord(reader), target, 1, maxFieldNumber);
  } else if (isVisibility(reader)) reader.next();
  else readFieldInto(reader, body, placeOf(reader, syntax, depth));
}

/** `export message` and `local enum` of edition 2024: who may use it is no matter of data. */
export function isVisibility(reader: TokenReader): boolean {
  return (
    (reader.isAt('export') || reader.isAt('local')) && (reader.isAt('message', 1) || reader.isAt('enum', 1))
  );
}

function skipWord(reader: TokenReader): TokenReader {
  reader.next();
  return reader;
}

function placeOf(reader: TokenReader, syntax: Syntax, depth: number): FieldPlace {
  return { syntax, readGroup: (name, opening) => readBody(reader, syntax, name, opening, depth + 1) };
}

function readFieldInto(reader: TokenReader, body: Body, place: FieldPlace): void {
  const { field, group } = readField(reader, place);
  body.fields.push(field);
  if (group !== undefined) body.messages.push(group);
}

function readOneof(reader: TokenReader, syntax: Syntax, body: Body, opening: Opening, depth: number): void {
  const name = reader.takeName('a oneof');
  const doc = docOf(opening, reader.peek().after);
  reader.expect('{');
  const options: ProtoOption[] = [];
  const before = body.fields.length;
  while (!reader.skip('}')) {
    if (reader.skip(';')) continue;
    if (reader.isAt('option')) options.push(readOptionStatement(skipWord(reader)));
    else readFieldInto(reader, body, { ...placeOf(reader, syntax, depth), oneof: name });
  }
  reader.skip(';');
  if (body.fields.length === before) {
    throw invalidProto(`the oneof ${name} has no members`, { line: opening.line });
  }
  body.oneofs.push({ name, line: opening.line, ...doc, options });
}

function readExtensionRanges(reader: TokenReader, syntax: Syntax, ranges: NumberRange[]): void {
  const { line } = reader.peek();
  if (syntax === 'proto3') throw invalidProto('messages of proto3 have no extensions', { line });
  do ranges.push(readRange(reader, 1, maxFieldNumber));
  while (reader.skip(','));
  readInlineOptions(reader);
  reader.expect(';');
}
