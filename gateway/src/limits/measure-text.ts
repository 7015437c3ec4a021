import { GraphQLError, Lexer, Source, TokenKind } from 'graphql';

/** What a document is before it is parsed. */
export interface TextMeasure {
  readonly characters: number;
  readonly tokens: number;
  /** Most brackets open at once. */
  readonly nesting: number;
}

/**
 * Counts tokens and nesting in one pass without recursion, so that no text is too deep for it. Stops where the text stops
 * being GraphQL: the parser tells what is wrong there.
 */
export function measureText(text: string): TextMeasure {
  const lexer = new Lexer(new Source(text));
  let tokens = 0;
  let open = 0;
  let nesting = 0;
  try {
    for (;;) {
      const { kind } = lexer.advance();
      if (kind === TokenKind.EOF) break;
      tokens += 1;
      if (opening.has(kind)) open += 1;
      else if (closing.has(kind)) open -= 1;
      nesting = Math.max(nesting, open);
    }
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
  }
  return { characters: text.length, tokens, nesting };
}

const opening: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.PAREN_L, TokenKind.BRACKET_L]);
const closing: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.PAREN_R, TokenKind.BRACKET_R]);
