/** How much one operation may ask for; docs/security.md gives the reason of each default. */
export interface OperationLimits {
  /** Characters of the document. */
  readonly characters: number;
  /** Characters of the operation's name. */
  readonly operationName: number;
  /** Tokens of the document. */
  readonly tokens: number;
  /** Tokens of the document, for principals that hold no role. */
  readonly tokensWithoutRole: number;
  /** Brackets within brackets: what parsers recurse into. */
  readonly nesting: number;
  /** Levels of fields; a root field is at level 1. */
  readonly depth: number;
  readonly aliases: number;
  readonly rootFields: number;
  /** Aliased root fields: the way to try many answers in one request. */
  readonly rootAliases: number;
  readonly directives: number;
  /** Fields of the operation, with those of a fragment counted wherever it is spread. */
  readonly fields: number;
}

export const defaultLimits: OperationLimits = {
  characters: 15_000,
  operationName: 512,
  tokens: 15_000,
  tokensWithoutRole: 2_000,
  nesting: 500,
  depth: 12,
  aliases: 30,
  rootFields: 10,
  rootAliases: 10,
  directives: 50,
  fields: 1_000,
};
