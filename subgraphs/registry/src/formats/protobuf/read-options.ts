import type { OptionValue, ProtoOption } from '../../domain/protobuf/proto-file.ts';
import { invalidProto } from './invalid-proto.ts';
import type { TokenReader } from './token-reader.ts';

/** Values inside values end somewhere: the stack does. */
const maxDepth = 32;

/** `option name = value;` after its first word. */
export function readOptionStatement(reader: TokenReader): ProtoOption {
  const option = readOption(reader);
  reader.expect(';');
  return option;
}

/** `[name = value, ...]`, if there is one. */
export function readInlineOptions(reader: TokenReader): readonly ProtoOption[] {
  if (!reader.skip('[')) return [];
  const options = [readOption(reader)];
  while (reader.skip(',')) options.push(readOption(reader));
  reader.expect(']');
  return options;
}

function readOption(reader: TokenReader): ProtoOption {
  const name = readOptionName(reader);
  reader.expect('=');
  return { name, value: readValue(reader, 0) };
}

function readOptionName(reader: TokenReader): string {
  const parts: string[] = [];
  do {
    if (reader.skip('(')) {
      parts.push(`(${reader.takeTypeName()})`);
      reader.expect(')');
    } else {
      parts.push(reader.takeName('an option'));
    }
  } while (reader.skip('.'));
  return parts.join('.');
}

function readValue(reader: TokenReader, depth: number): OptionValue {
  const token = reader.peek();
  if (depth > maxDepth) {
    throw invalidProto(`the value of an option holds others more than ${maxDepth} deep`, {
      line: token.line,
    });
  }
  if (token.kind === 'string') return { kind: 'string', text: reader.takeString() };
  if (reader.skip('{')) return { kind: 'message', fields: readAggregate(reader, '}', depth) };
  if (reader.skip('<')) return { kind: 'message', fields: readAggregate(reader, '>', depth) };
  if (reader.skip('[')) return { kind: 'list', items: readList(reader, depth) };
  const isNegative = reader.skip('-');
  if (!isNegative) reader.skip('+');
  const value = reader.peek();
  if (value.kind === 'number') return word(isNegative, reader.next().text);
  if (value.kind === 'word') return word(isNegative, reader.takeTypeName());
  throw invalidProto(`${JSON.stringify(value.text)} is no value of an option`, { line: value.line });
}

function word(isNegative: boolean, text: string): OptionValue {
  return { kind: 'word', text: isNegative ? `-${text}` : text };
}

function readList(reader: TokenReader, depth: number): readonly OptionValue[] {
  const items: OptionValue[] = [];
  if (reader.skip(']')) return items;
  do items.push(readValue(reader, depth + 1));
  while (reader.skip(','));
  reader.expect(']');
  return items;
}

/** The text format of a message: `name: value`, `name { }`, `[extension.name]: value`, with or without separators. */
function readAggregate(reader: TokenReader, end: string, depth: number): readonly ProtoOption[] {
  const fields: ProtoOption[] = [];
  while (!reader.skip(end)) {
    const name = readAggregateName(reader);
    const hasColon = reader.skip(':');
    if (!hasColon && !reader.isAt('{') && !reader.isAt('<')) reader.expect(':');
    fields.push({ name, value: readValue(reader, depth + 1) });
    if (!reader.skip(',')) reader.skip(';');
  }
  return fields;
}

function readAggregateName(reader: TokenReader): string {
  if (!reader.skip('[')) return reader.takeName('a field');
  let name = reader.takeTypeName();
  if (reader.skip('/')) name += `/${reader.takeTypeName()}`;
  reader.expect(']');
  return `[${name}]`;
}
