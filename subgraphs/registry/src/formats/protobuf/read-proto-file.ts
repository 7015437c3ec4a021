import type {
  ProtoEnum,
  ProtoField,
  ProtoFile,
  ProtoImport,
  ProtoMessage,
  ProtoMethod,
  ProtoOption,
  ProtoService,
} from '../../domain/protobuf/proto-file.ts';
import { invalidProto } from './invalid-proto.ts';
import { readEnum } from './read-enum.ts';
import { isVisibility, readExtend, readMessage } from './read-message.ts';
import { readOptionStatement } from './read-options.ts';
import { docOf, type Opening } from './read-piece.ts';
import { readTokens } from './read-tokens.ts';
import { createTokenReader, type TokenReader } from './token-reader.ts';

const editions: ReadonlySet<string> = new Set(['2023', '2024']);

/**
 * Reads a .proto text (proto2, proto3, editions 2023 and 2024) as it is written; names are not resolved yet. Throws SCHEMA_INVALID
 * with the line of the first fault. Takes time in proportion to the text, whatever it is.
 */
export function readProtoFile(text: string): ProtoFile {
  const reader = createTokenReader(readTokens(text.startsWith('\uFEFF') ? text.slice(1) : text));
  const head = readSyntax(reader);
  const imports: ProtoImport[] = [];
  const options: ProtoOption[] = [];
  const messages: ProtoMessage[] = [];
  const enums: ProtoEnum[] = [];
  const services: ProtoService[] = [];
  const extensions: ProtoField[] = [];
  let packageName: string | undefined;
  while (reader.peek().kind !== 'end') {
    const opening = reader.peek();
    if (isVisibility(reader)) reader.next();
    if (reader.skip(';')) continue;
    if (reader.skip('package')) {
      if (packageName !== undefined) throw invalidProto('the package is named twice', opening);
      packageName = reader.takeTypeName();
      reader.expect(';');
    } else if (reader.skip('import')) imports.push(...readImport(reader));
    else if (reader.skip('option')) options.push(readOptionStatement(reader));
    else if (reader.skip('message')) messages.push(readMessage(reader, head.syntax, opening));
    else if (reader.skip('enum')) enums.push(readEnum(reader, opening));
    else if (reader.skip('service')) services.push(readService(reader, opening));
    else if (reader.skip('extend')) readExtend(reader, head.syntax, { extensions, messages });
    else throw invalidProto(`${JSON.stringify(opening.text)} begins no statement of a .proto file`, opening);
  }
  return { ...head, package: packageName ?? '', imports, options, messages, enums, services, extensions };
}

function readSyntax(reader: TokenReader): Pick<ProtoFile, 'syntax' | 'edition'> {
  const { line } = reader.peek();
  if (reader.isAt('syntax') && reader.isAt('=', 1)) {
    reader.next();
    reader.next();
    const word = reader.takeString();
    reader.expect(';');
    if (word === 'proto2' || word === 'proto3') return { syntax: word };
    throw invalidProto(`${JSON.stringify(word)} is no syntax: proto2 and proto3 are`, { line });
  }
  if (reader.isAt('edition') && reader.isAt('=', 1)) {
    reader.next();
    reader.next();
    const edition = reader.takeString();
    reader.expect(';');
    if (editions.has(edition)) return { syntax: 'editions', edition };
    throw invalidProto(`edition ${JSON.stringify(edition)} is not known: 2023 and 2024 are`, { line });
  }
  return { syntax: 'proto2' };
}

function readImport(reader: TokenReader): readonly ProtoImport[] {
  // `import option` of edition 2024 brings options only, which need not be known to be kept.
  const isOption = reader.skip('option');
  const kind = reader.skip('public') ? 'public' : reader.skip('weak') ? 'weak' : 'plain';
  const path = reader.takeString();
  reader.expect(';');
  return isOption ? [] : [{ path, kind }];
}

function readService(reader: TokenReader, opening: Opening): ProtoService {
  const name = reader.takeName('a service');
  const doc = docOf(opening, reader.peek().after);
  reader.expect('{');
  const options: ProtoOption[] = [];
  const methods: ProtoMethod[] = [];
  while (!reader.skip('}')) {
    if (reader.skip(';')) continue;
    if (reader.skip('option')) options.push(readOptionStatement(reader));
    else methods.push(readMethod(reader));
  }
  reader.skip(';');
  return { name, line: opening.line, ...doc, options, methods };
}

function readMethod(reader: TokenReader): ProtoMethod {
  const opening = reader.expect('rpc');
  const name = reader.takeName('a method');
  const request = readMethodType(reader);
  reader.expect('returns');
  const response = readMethodType(reader);
  const options: ProtoOption[] = [];
  if (reader.skip('{')) {
    while (!reader.skip('}')) {
      if (reader.skip(';')) continue;
      reader.expect('option');
      options.push(readOptionStatement(reader));
    }
    reader.skip(';');
  } else reader.expect(';');
  return {
    name,
    line: opening.line,
    ...docOf(opening, reader.commentBehind()),
    options,
    request: request.name,
    response: response.name,
    clientStreaming: request.isStream,
    serverStreaming: response.isStream,
  };
}

function readMethodType(reader: TokenReader): { name: string; isStream: boolean } {
  reader.expect('(');
  // A message may be called stream. `stream.Order` is a stream of `.Order`, as the compiler has it.
  const isStream = reader.isAt('stream') && !reader.isAt(')', 1);
  if (isStream) reader.next();
  const name = reader.takeTypeName();
  reader.expect(')');
  return { name, isStream };
}
