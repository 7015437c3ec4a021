/** A regular expression, read. What cannot be matched in bounded steps is not here. */
export type Expression =
  | { readonly kind: 'one'; readonly of: CharacterSet }
  | { readonly kind: 'all'; readonly parts: readonly Expression[] }
  | { readonly kind: 'either'; readonly branches: readonly Expression[] }
  | { readonly kind: 'repeat'; readonly of: Expression; readonly min: number; readonly max: number }
  | { readonly kind: 'assert'; readonly what: 'start' | 'end' | 'boundary' | 'no boundary' }
  | { readonly kind: 'ahead'; readonly of: Expression; readonly isRefused: boolean };

export interface CharacterSet {
  readonly ranges: readonly (readonly [number, number])[];
  readonly isNegated: boolean;
}

/** Nothing else nests in a pattern that people write. */
const maxNesting = 50;

const digit = [[0x30, 0x39]] as const;
const word = [...digit, [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a]] as const;
const space = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
] as const;
const lineEnds = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
] as const;

const classes = new Map<string, CharacterSet>([
  ['d', { ranges: digit, isNegated: false }],
  ['D', { ranges: digit, isNegated: true }],
  ['w', { ranges: word, isNegated: false }],
  ['W', { ranges: word, isNegated: true }],
  ['s', { ranges: space, isNegated: false }],
  ['S', { ranges: space, isNegated: true }],
]);
const controls = new Map([
  ['t', 0x09],
  ['n', 0x0a],
  ['v', 0x0b],
  ['f', 0x0c],
  ['r', 0x0d],
  ['0', 0x00],
]);

/** Says that a pattern uses what is not read: a back reference, a property of characters, an inline flag. */
const unread = Symbol('unread');

/** Reads a pattern of ECMA-262; undefined for one with features that this reader leaves out. */
export function readExpression(pattern: string): Expression | undefined {
  const characters = [...pattern];
  let at = 0;
  let depth = 0;
  try {
    const expression = readEither();
    return at === characters.length ? expression : undefined;
  } catch (error) {
    if (error === unread) return undefined;
    throw error;
  }

  function readEither(): Expression {
    depth += 1;
    if (depth > maxNesting) throw unread;
    const branches = [readAll()];
    while (take('|')) branches.push(readAll());
    depth -= 1;
    const [only] = branches;
    return branches.length === 1 && only !== undefined ? only : { kind: 'either', branches };
  }

  function readAll(): Expression {
    const parts: Expression[] = [];
    while (at < characters.length && characters[at] !== '|' && characters[at] !== ')')
      parts.push(readRepeat());
    return { kind: 'all', parts };
  }

  function readRepeat(): Expression {
    const of = readAtom();
    const counts = readCounts();
    if (counts === undefined) return of;
    if (of.kind === 'assert' || of.kind === 'ahead') throw unread;
    if (characters[at] === '+' || readCounts() !== undefined) throw unread;
    return { kind: 'repeat', of, ...counts };
  }

  function readCounts(): { min: number; max: number } | undefined {
    let counts: { min: number; max: number } | undefined;
    if (take('*')) counts = { min: 0, max: Number.POSITIVE_INFINITY };
    else if (take('+')) counts = { min: 1, max: Number.POSITIVE_INFINITY };
    else if (take('?')) counts = { min: 0, max: 1 };
    else {
      const braces = /^\{(\d{1,6})(,(\d{0,6}))?\}/.exec(characters.slice(at, at + 16).join(''));
      if (braces === null) return undefined;
      at += braces[0].length;
      const min = Number(braces[1]);
      const upper = braces[3] === '' ? Number.POSITIVE_INFINITY : Number(braces[3]);
      counts = { min, max: braces[2] === undefined ? min : upper };
      if (counts.max < min) throw unread;
    }
    // Whether it takes as much or as little as it can makes no difference to whether there is a match.
    take('?');
    return counts;
  }

  function readAtom(): Expression {
    const character = next();
    switch (character) {
      case '(':
        return readGroup();
      case '[':
        return { kind: 'one', of: readSet() };
      case '.':
        return { kind: 'one', of: { ranges: lineEnds, isNegated: true } };
      case '^':
        return { kind: 'assert', what: 'start' };
      case '$':
        return { kind: 'assert', what: 'end' };
      case '\\':
        return readEscape();
      case '*':
      case '+':
      case '?':
        throw unread;
      default:
        return { kind: 'one', of: single(codeOf(character)) };
    }
  }

  function readGroup(): Expression {
    let ahead: { isRefused: boolean } | undefined;
    if (take('?')) {
      const kind = next();
      if (kind === '=' || kind === '!') ahead = { isRefused: kind === '!' };
      else if (kind === '<') readName();
      else if (kind !== ':') throw unread;
    }
    const of = readEither();
    if (!take(')')) throw unread;
    return ahead === undefined ? of : { kind: 'ahead', of, ...ahead };
  }

  function readName(): void {
    if (characters[at] === '=' || characters[at] === '!') throw unread;
    while (next() !== '>');
  }

  function readEscape(): Expression {
    const character = next();
    if (character === 'b') return { kind: 'assert', what: 'boundary' };
    if (character === 'B') return { kind: 'assert', what: 'no boundary' };
    return { kind: 'one', of: classes.get(character) ?? single(escapedCode(character)) };
  }

  function escapedCode(character: string): number {
    const control = controls.get(character);
    if (control !== undefined) return control;
    if (character === 'x') return hex(2);
    if (character === 'u') return take('{') ? bracedHex() : hex(4);
    // A letter or digit that is not read here may mean anything.
    if (/[a-zA-Z0-9]/.test(character)) throw unread;
    return codeOf(character);
  }

  function readSet(): CharacterSet {
    const isNegated = take('^');
    const ranges: (readonly [number, number])[] = [];
    while (!take(']')) {
      const low = readMember(ranges);
      if (low === undefined) continue;
      if (characters[at] === '-' && characters[at + 1] !== ']') {
        at += 1;
        const high = readMember(ranges);
        if (high === undefined || high < low) throw unread;
        ranges.push([low, high]);
      } else ranges.push([low, low]);
    }
    return { ranges, isNegated };
  }

  function readMember(ranges: (readonly [number, number])[]): number | undefined {
    const character = next();
    // What Java and the newest flag of ECMA read as a set in a set.
    if (character === '[' || (character === '&' && characters[at] === '&')) throw unread;
    if (character !== '\\') return codeOf(character);
    const escaped = next();
    const named = classes.get(escaped);
    if (named === undefined) return escaped === 'b' ? 0x08 : escapedCode(escaped);
    if (named.isNegated) throw unread;
    ranges.push(...named.ranges);
    return undefined;
  }

  function hex(digits: number): number {
    const text = characters.slice(at, at + digits).join('');
    if (!/^[0-9a-fA-F]+$/.test(text) || text.length !== digits) throw unread;
    at += digits;
    return Number.parseInt(text, 16);
  }

  function bracedHex(): number {
    const end = characters.indexOf('}', at);
    const text = characters.slice(at, end).join('');
    if (end === -1 || !/^[0-9a-fA-F]{1,6}$/.test(text)) throw unread;
    at = end + 1;
    return Number.parseInt(text, 16);
  }

  function take(character: string): boolean {
    if (characters[at] !== character) return false;
    at += 1;
    return true;
  }

  function next(): string {
    const character = characters[at];
    if (character === undefined) throw unread;
    at += 1;
    return character;
  }
}

export function isIn({ ranges, isNegated }: CharacterSet, code: number): boolean {
  return ranges.some(([low, high]) => low <= code && code <= high) !== isNegated;
}

export const wordSet: CharacterSet = { ranges: word, isNegated: false };

function single(code: number): CharacterSet {
  return { ranges: [[code, code]], isNegated: false };
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
