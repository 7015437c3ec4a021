import { invalidProto } from './invalid-proto.ts';
import type { ProtoToken } from './read-tokens.ts';

/** Walks over tokens. Whatever it is asked to take and does not find is refused with its line. */
export interface TokenReader {
  /** The token `ahead` places on, without taking it. */
  readonly peek: (ahead?: number) => ProtoToken;
  readonly next: () => ProtoToken;
  /** Whether the next token is this word or symbol. */
  readonly isAt: (text: string, ahead?: number) => boolean;
  /** Takes the word or symbol if it is next. */
  readonly skip: (text: string) => boolean;
  readonly expect: (text: string) => ProtoToken;
  readonly takeName: (what: string) => string;
  /** A name with dots, a leading one too. */
  readonly takeTypeName: () => string;
  /** Strings that follow each other are one. */
  readonly takeString: () => string;
  readonly takeInteger: (least: number, most: number) => number;
  /** The comment behind the token that was taken last. */
  readonly commentBehind: () => string | undefined;
}

export function createTokenReader(tokens: readonly ProtoToken[]): TokenReader {
  let position = 0;

  function peek(ahead = 0): ProtoToken {
    const token = tokens[Math.min(position + ahead, tokens.length - 1)];
    if (token === undefined) throw invalidProto('there is nothing to read');
    return token;
  }

  function next(): ProtoToken {
    const token = peek();
    position += 1;
    return token;
  }

  function isAt(text: string, ahead = 0): boolean {
    const token = peek(ahead);
    return token.text === text && (token.kind === 'word' || token.kind === 'symbol');
  }

  function skip(text: string): boolean {
    if (!isAt(text)) return false;
    position += 1;
    return true;
  }

  function expect(text: string): ProtoToken {
    if (isAt(text)) return next();
    throw missing(JSON.stringify(text));
  }

  function missing(what: string) {
    const found = peek();
    const words = found.kind === 'end' ? 'the text ends' : `there is ${JSON.stringify(found.text)}`;
    return invalidProto(`${words} where ${what} is expected`, { line: found.line });
  }

  function takeName(what: string): string {
    if (peek().kind !== 'word') throw missing(`the name of ${what}`);
    return next().text;
  }

  function takeTypeName(): string {
    let name = skip('.') ? '.' : '';
    name += takeName('a type');
    while (skip('.')) name += `.${takeName('a type')}`;
    return name;
  }

  function takeString(): string {
    if (peek().kind !== 'string') throw missing('a string');
    let text = next().text;
    while (peek().kind === 'string') text += next().text;
    return text;
  }

  function takeInteger(least: number, most: number): number {
    const isNegative = skip('-');
    const token = peek();
    if (token.kind !== 'number' || !/^(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$/.test(token.text)) {
      throw missing('a whole number');
    }
    next();
    const size = /^0[0-7]/.test(token.text) ? Number.parseInt(token.text, 8) : Number(token.text);
    const value = isNegative ? 0 - size : size;
    if (value >= least && value <= most) return value;
    throw invalidProto(`${value} is outside ${least} to ${most}`, { line: token.line });
  }

  return {
    peek,
    next,
    isAt,
    skip,
    expect,
    takeName,
    takeTypeName,
    takeString,
    takeInteger,
    commentBehind: () => tokens[position - 1]?.after,
  };
}
