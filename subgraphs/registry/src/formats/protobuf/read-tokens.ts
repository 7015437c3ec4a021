import { Problem } from '@spine/kernel/problem';
import { invalidProto } from './invalid-proto.ts';

/** A piece of a .proto text. */
export interface ProtoToken {
  readonly kind: 'word' | 'number' | 'string' | 'symbol' | 'end';
  /** The text; of a string what it stands for. */
  readonly text: string;
  readonly line: number;
  /** The comment that ends right above, or before it on its line. */
  readonly before: string | undefined;
  /** The comment behind it on its line. */
  after: string | undefined;
}

/** The largest text that is read: far above any schema, far below what would hold up others. */
const maxLength = 2_000_000;

const pattern =
  /(\s+)|(\/\/[^\n]*|\/\*[\s\S]*?\*\/)|([A-Za-z_][A-Za-z0-9_]*)|(0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fF]?)|("(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*')|([{}()[\]<>=;:,.+\-/])/y;

interface Comment {
  text: string;
  endLine: number;
}

/** The tokens of a text in order, an `end` last. Throws SCHEMA_INVALID with the line of what is no token. */
export function readTokens(text: string): readonly ProtoToken[] {
  if (text.length > maxLength) {
    throw new Problem('SCHEMA_TOO_COMPLEX', `the schema is longer than ${maxLength} characters`, {
      fix: 'split it into files that import each other',
    });
  }
  const tokens: ProtoToken[] = [];
  let line = 1;
  let comment: Comment | undefined;

  function push(kind: ProtoToken['kind'], value: string): void {
    const before = comment !== undefined && comment.endLine >= line - 1 ? comment.text : undefined;
    comment = undefined;
    tokens.push({ kind, text: value, line, before, after: undefined });
  }

  function takeComment(source: string): void {
    const endLine = line + countLines(source);
    const last = tokens.at(-1);
    const words = withoutMarks(source);
    if (last !== undefined && last.line === line && comment === undefined) {
      last.after ??= words;
    } else if (comment !== undefined && comment.endLine >= line - 1) {
      comment = { text: `${comment.text}\n${words}`, endLine };
    } else {
      comment = { text: words, endLine };
    }
  }

  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null)
      throw invalidProto(`${JSON.stringify(text.charAt(start))} has no meaning here`, { line });
    const [whole, , remark, word, number, quoted, symbol] = match;
    if (remark !== undefined) takeComment(remark);
    else if (word !== undefined) push('word', word);
    else if (number !== undefined) push('number', number);
    else if (quoted !== undefined) push('string', unescaped(quoted.slice(1, -1)));
    else if (symbol !== undefined) push('symbol', symbol);
    line += countLines(whole);
  }
  push('end', '');
  return tokens;
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function withoutMarks(comment: string): string {
  if (comment.startsWith('//')) return comment.replace(/^\/\/+ ?/, '').trimEnd();
  return comment
    .slice(2, -2)
    .split('\n')
    .map((row) => row.replace(/^\s*\*+ ?/, '').trimEnd())
    .join('\n')
    .trim();
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const escaped = /\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g;

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(escaped, (_whole, octal, hex, short, long, character: string | undefined) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    const code = hex ?? short ?? long;
    if (code !== undefined) return codePoint(Number.parseInt(code, 16));
    return character === undefined ? '' : (escapes[character] ?? character);
  });
}

function codePoint(code: number): string {
  return code > 0x10_ff_ff ? '\uFFFD' : String.fromCodePoint(code);
}
